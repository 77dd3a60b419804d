// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

namespace secrets {

// Told of each random octets handed out; nullptr: nobody.
using OnRandom = void(void* octets, size_t size);

// baresspi_port_random begins again, with another part of its sequence for each number.
void StartPortAnew(OnRandom* told, unsigned sequence);

}  // namespace secrets
