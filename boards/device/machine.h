// SPDX-License-Identifier: Apache-2.0
// Where the device program differs between a board with lwIP and a program of an operating system.
#pragma once

#include "boards/device/options.h"

namespace device {

// Brings the network and the clock up. False: it said why not.
bool BeginMachine(const Options& options);

// The lines that say where address, clock and random come from.
void PutAddress();
const char* ClockSource();
const char* RandomSource();

// Lines about the memory of the network, sockets in use, the stack.
void PutMachineUse();

// Keeps the network going until the console has input.
void AwaitInput();

// Instructions that were executed, those while waiting for the network taken off. False: this machine cannot
// tell.
bool CountInstructions(uint64_t* instructions);

}  // namespace device
