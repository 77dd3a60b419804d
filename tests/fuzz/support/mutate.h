// SPDX-License-Identifier: Apache-2.0
// Mutators that keep the form of what they alter: for LLVMFuzzerCustomMutator.
#pragma once

#include "tests/fuzz/support/octets.h"

namespace fuzz {

// Alters DER (or BER) as a tree: the content of a leaf, an element left out, twice, in another's place, or
// with another tag; every length is right afterwards. Returns the new size, at most max_size.
size_t MutateDer(uint8_t* data, size_t size, size_t max_size, unsigned seed);

// Puts an NTLM message's signature and type right, and its fields (Len, MaxLen, BufferOffset at these
// places) inside of it.
void MendNtlm(uint8_t* message, size_t size, uint32_t type, const size_t* fields, size_t count);

}  // namespace fuzz

// libFuzzer's own mutations.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
