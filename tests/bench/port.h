// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bench {

// baresspi_port_random begins again with the first octet of its sequence.
void StartRandomAnew();

}  // namespace bench
