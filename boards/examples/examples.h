// SPDX-License-Identifier: Apache-2.0
// What a device does with BareSSPI on a network, as three programs of a few screens each. The same source
// runs on the host, where each is a program of its own, and on a board, where baresspi-device has them all
// behind a console. Each takes arguments as main does, prints what happened, and returns an exit status: 0
// it is done, 1 it was refused (by the peer's answer), 2 wrong arguments (the usage is printed), 3 no answer.
// Each gives back every socket, context and credential, whatever happened.
#pragma once

namespace examples {

// https_get.cpp: one or several requests by HTTP or HTTPS, with a login at the server and the proxy.
int HttpsGet(int count, char** arguments);
// ldap_search.cpp: logs in at a directory, looks for an entry, and prints it.
int LdapSearch(int count, char** arguments);
// web_page.cpp: a web page that lets account holders in. Ends when the console says so (board::StopAsked).
int WebPage(int count, char** arguments);

}  // namespace examples
