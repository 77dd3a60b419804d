// SPDX-License-Identifier: Apache-2.0
// What an example program sees of the board it runs on, the host among them: octets in, octets out,
// complaints, and the port's device.
#pragma once

#include <baresspi/authority.h>
#include <stddef.h>

namespace board {

// The next octet of the input, or -1 at its end (on a UART: the character EOT).
int ReadOctet();

// Writes to the output. Flush: now, where it is buffered.
void Write(const char* octets, size_t size);
void Flush();

// Zero-terminated text to the standard error, or where the board has its like.
void Complain(const char* text);

// Whether a program that goes on for ever is to end: there is input on the UART (which is not taken from it);
// on the host, SIGTERM or SIGINT came after the first call.
bool StopAsked();
// From now on input asks to stop on the host, too: for a program that is given its commands by lines.
void StopAtInput();

// Reads a file of the host into room: on a board by semihosting, where the emulator's host stands in for the
// device's flash. Returns its size and puts a zero behind it, which is not counted; 0: there is no such file,
// it is empty, or it does not fit.
size_t ReadFile(const char* path, void* room, size_t capacity);

// What baresspi_port_device() returns from now on.
void SetDevice(const BARESSPI_DEVICE* device);

}  // namespace board
