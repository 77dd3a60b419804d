/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void PrintBase64(const gss_buffer_desc* octets) {
  const uint8_t* in = octets->value;
  if (octets->length == 0) {
    putchar('-');
    return;
  }
  for (size_t i = 0; i < octets->length; i += 3) {
    size_t left = octets->length - i;
    uint32_t group = (uint32_t)in[i] << 16;
    if (left > 1) group |= (uint32_t)in[i + 1] << 8;
    if (left > 2) group |= in[i + 2];
    putchar(kAlphabet[group >> 18]);
    putchar(kAlphabet[group >> 12 & 63]);
    putchar(left > 1 ? kAlphabet[group >> 6 & 63] : '=');
    putchar(left > 2 ? kAlphabet[group & 63] : '=');
  }
}

void PrintHex(const gss_buffer_desc* octets) {
  const uint8_t* in = octets->value;
  for (size_t i = 0; i < octets->length; i++) printf("%02x", in[i]);
}

bool ParseBase64(const char* text, gss_buffer_desc* octets) {
  octets->length = 0;
  octets->value = NULL;
  if (text == NULL || strcmp(text, "-") == 0) return true;
  size_t size = strlen(text);
  if (size == 0 || size % 4 != 0) return false;
  size_t padding = 0;
  while (padding < 2 && text[size - 1 - padding] == '=') padding++;
  uint8_t* out = malloc(size / 4 * 3);
  if (out == NULL) return false;
  uint32_t bits = 0;
  size_t n = 0;
  for (size_t i = 0; i < size; i++) {
    const char* digit = i < size - padding ? strchr(kAlphabet, text[i]) : kAlphabet;
    if (digit == NULL) {
      free(out);
      return false;
    }
    bits = bits << 6 | (uint32_t)(digit - kAlphabet);
    if (i % 4 != 3) continue;
    out[n++] = (uint8_t)(bits >> 16);
    out[n++] = (uint8_t)(bits >> 8);
    out[n++] = (uint8_t)bits;
  }
  octets->value = out;
  octets->length = n - padding;
  return true;
}

static int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool ParseHex(const char* text, gss_buffer_desc* octets) {
  size_t size = strlen(text);
  octets->length = 0;
  octets->value = NULL;
  if (size % 2 != 0) return false;
  uint8_t* out = malloc(size / 2 + 1);
  if (out == NULL) return false;
  for (size_t i = 0; i < size / 2; i++) {
    int high = HexDigit(text[2 * i]);
    int low = HexDigit(text[2 * i + 1]);
    if (high < 0 || low < 0) {
      free(out);
      return false;
    }
    out[i] = (uint8_t)(high << 4 | low);
  }
  octets->value = out;
  octets->length = size / 2;
  return true;
}
