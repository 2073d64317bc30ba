extension TestCertificate {
    /// For the address 127.0.0.1, signed by itself, valid from 2020 to 2119: whoever trusts it alone trusts
    /// servers on loopback.
    public static let loopback = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBUTCB+aADAgECAgEBMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMMDWxvb3BiYWNr
            LnRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjExOTAxMDEwMDAwMDBaMBgxFjAUBgNV
            BAMMDWxvb3BiYWNrLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASPWtEJ
            QJL2J+6Lj0L/YlvPDdk1l8yZ77VrqMoCa+k800rmXGQCm315o5k0p9wmrlLCMH+J
            Q9gjnioWBerMsY1QozIwMDAPBgNVHREECDAGhwR/AAABMB0GA1UdDgQWBBQsQSTY
            lxINrPt3vCki93xEWteVxTAKBggqhkjOPQQDAgNHADBEAiBhulIZ+1tJjD2WxNSF
            hOcdQTJiCpHAB3QwbEYYkvKszwIgbapCOEgSQmS+LrTfsdbylgmG7cW7zplg9zm3
            UMBlTrY=
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0Oh/qXlnyNQojawg
            Z95ar3K0evBWHrm+3fpxnS9qsiyhRANCAASPWtEJQJL2J+6Lj0L/YlvPDdk1l8yZ
            77VrqMoCa+k800rmXGQCm315o5k0p9wmrlLCMH+JQ9gjnioWBerMsY1Q
            -----END PRIVATE KEY-----
            """)
}
