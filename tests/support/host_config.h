/* SPDX-License-Identifier: Apache-2.0 */
/* What is tested on the host though it is off by default (BARESSPI_CONFIG_FILE of the host's presets). */
#ifndef BARESSPI_TESTS_HOST_CONFIG_H
#define BARESSPI_TESTS_HOST_CONFIG_H

#define BARESSPI_SCHANNEL_TLS_UNIQUE 1

#endif
