// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

namespace secrets {

// Told of each random octets handed out; nullptr: nobody.
using OnRandom = void(void* octets, size_t size);

// baresspi_port_random begins again with the first octet of its sequence.
void StartPortAnew(OnRandom* told);

}  // namespace secrets
