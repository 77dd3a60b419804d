/* SPDX-License-Identifier: Apache-2.0 */
#define UNICODE
#include "windows_style_program.c"
