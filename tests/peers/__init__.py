# SPDX-License-Identifier: Apache-2.0
"""Peers that nobody here wrote, and what joins them with BareSSPI.

A peer is one side of a login that takes tokens in and gives tokens out (peer.py says how). There are

    baresspi     ours: build/<preset>/.../baresspi-token, or the same program on a board     baresspi_peer.py
    gss-ntlm     MIT's GSSAPI with gss-ntlmssp, by the program in gss/                       gss_peer.py
    samba-ntlm   Samba's ntlm_auth, by its helper protocols                                  samba_peer.py
    gensec-ntlm  Samba's GENSEC library, by python3-samba; its server asks a domain          gensec_peer.py
                 controller's database that sam_database.py makes
    pyntlm       python3-ntlm-auth, client only                                              pyntlm_peer.py
    curl         curl --ntlm, client only, over HTTP on the loopback                         curl_peer.py

In SPNEGO, which ours speaks as its package negotiate:

    gss-spnego, gss-spnego-ntlm    MIT's, with Kerberos first on its list; with NTLM alone     spnego_peers.py
    samba-spnego, gensec-spnego    ntlm_auth's; Samba's library's, with Kerberos if wanted     spnego_peers.py

The Kerberos of both is a ticket that nobody issued (kerberos_files.py): enough to be tried first.

Over HTTP, on the loopback, as themselves:

    baresspi-httpd, baresspi-http-get     ours                                               baresspi_http.py
    curl --ntlm, --negotiate, --proxy-..  its own NTLM; GSSAPI with gss-ntlmssp              curl.py
    Apache with mod_auth_gssapi           GSSAPI with gss-ntlmssp                            apache.py
    a web server and a proxy              Python's, whose logins are ntlm_auth's             samba_web.py

pair.py joins two of them; registry.py makes one by name; capture.py writes down what they say to each other.
Debian packages: winbind gss-ntlmssp libkrb5-dev gcc python3-samba samba-common-bin samba-ad-provision
samba-dsdb-modules python3-ntlm-auth python3-pycryptodome curl apache2-bin
libapache2-mod-auth-gssapi. No network and no server that runs already is needed,
and all state is in temporary folders and in build/peers."""
