// SPDX-License-Identifier: Apache-2.0
// The port's lock taken away, at the linker (--wrap): ThreadSanitizer has to find that, or it finds nothing.
extern "C" {
void __wrap_baresspi_port_lock(void) {}
void __wrap_baresspi_port_unlock(void) {}
}
