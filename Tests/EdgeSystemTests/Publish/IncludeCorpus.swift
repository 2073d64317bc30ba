/// Includes good and bad, one point each.
enum IncludeCorpus {
    static let all = mail + text + modern + structure + names + rules + broken + hosts + knot

    static let mail = [
        "@ MX 10 mail\nmail A 192.0.2.25",
        "@ 3600 IN MX 10 mail\nmail IN 60 A 192.0.2.25\n AAAA 2001:db8::25",
        "@ MX 10 mail.other.example.", "@ MX 10 nowhere", "@ MX 65536 mail\nmail A 192.0.2.25",
        "@ MX -1 mail.o.", "@ MX 10", "@ MX mail", "@ MX 10 mail.o. extra", "@ MX 0 .",
        "@ MX 10 alias\nalias CNAME mail.o.", "@ MX 010 mail.o.", "@ MX 10 192.0.2.1",
        "_sip._tcp SRV 0 5 5060 sip\nsip A 192.0.2.9", "_sip._tcp SRV 0 5 5060 nowhere",
        "_x._tcp SRV 0 0 0 .", "_x._tcp SRV 0 0 70000 a.o.",
    ]

    static let text = [
        "@ TXT \"v=spf1 include:o.example -all\"", "@ TXT v=spf1", "@ TXT \"a;b\" c ; comment",
        "@ TXT ( \"one\"\n \"two\" )", "@ TXT \"quote \\\" and \\\\ and \\255\"", "@ TXT \"open",
        "@ TXT open\"", "@ TXT \"a\"\"b\"", "@ TXT a\"b\"", "@ TXT \"\"", "@ TXT \"é\"",
        "@ TXT \"\\256\"",
        "@ TXT \"\\25\"", "@ TXT \\", "@ TXT", "@ SPF \"v=spf1 -all\"",
        "@ TXT \"" + String(repeating: "x", count: 255) + "\"",
        "@ TXT \"" + String(repeating: "x", count: 256) + "\"",
        "@ TXT " + String(repeating: "x", count: 256),
        "@ TXT " + String(repeating: "\"" + String(repeating: "y", count: 250) + "\" ", count: 20),
        "@ TXT @", "@ TXT \\065\\066", "@ TXT a\tb", "@ TXT \"a\tb\"", "@ TXT ((a) b)", "@ TXT (a",
        "@ TXT a)", "@ TXT \"a\\\nb\"",
    ]

    static let modern = [
        "@ CAA 0 issue \"letsencrypt.org\"", "@ CAA 256 issue \"x\"", "@ CAA 0 is-sue \"x\"",
        "@ CAA 0 issue x", "@ CAA 0 \"issue\" \"x\"", "@ CAA 0 issue \"\"", "@ CAA 0 issue",
        "_443._tcp TLSA 3 1 1 "
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF",
        "_443._tcp TLSA 3 1 1 abc", "_443._tcp TLSA 3 1 1 01 23 ( 45\n 67 )",
        "_443._tcp TLSA 3 1 1",
        "_443._tcp TLSA 3 1 256 00", "_443._tcp TLSA 3 1 1 zz",
        "host SSHFP 1 1 0123456789abcdef0123456789abcdef01234567", "host SSHFP 1 1 ab",
        "host SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "@ HTTPS 1 . alpn=h2,h3", "svc SVCB 1 target.o. port=8443", "@ HTTPS 0 other.example.",
        "@ HTTPS 1 . alpn", "@ HTTPS 1 . alpn=h2 alpn=h3", "@ HTTPS 1 . ipv4hint=1.2.3",
        "@ HTTPS 1 . mandatory=alpn", "@ HTTPS 1 . mandatory=alpn alpn=h2", "@ HTTPS 0 . alpn=h2",
        "@ HTTPS 1 . port=99999", "@ HTTPS 1 . key667=hello", "@ HTTPS 1 . no-default-alpn",
        "@ HTTPS",
        "@ HTTPS 1 . ipv6hint=2001:db8::1", "@ HTTPS 1 . ech=AAAA", "@ HTTPS 1 . key0=x",
        "@ HTTPS 1 . port=\"80\" ipv4hint=192.0.2.1,192.0.2.2", "@ HTTPS 1 . dohpath=/q{?dns}",
        "@ NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:i@o!\" .", "@ NAPTR 1 1 \"\" \"\" \"bad(\" .",
        "@ NAPTR 1 1 u s r .", "@ NAPTR 100 10 \"zz!\" \"E2U\" \"\" .", "@ HINFO PC \"Linux 6\"",
        "@ HINFO PC", "@ RP admin.o. txt.o.", "@ AFSDB 1 afs.o.", "@ URI 10 1 \"https://o/\"",
        "@ URI 10 1 \"\"", "@ URI 10 1 https://o/", "@ LOC 51 30 12.748 N 0 7 39.611 W 0.00m",
        "@ LOC 91 0 0 N 0 0 0 E 1m", "@ LOC 1 N 1 E 1m", "@ LOC 1 2 3 N 4 5 6 E 10m 1m 1m 1m",
        "@ LOC 1 2 3 N 4 5 6 E 10", "@ LOC x", "@ LOC 1 60 0 N 0 0 0 E 1m", "@ LOC 1 2 3 N 4 5 6 E",
        "k OPENPGPKEY aGVsbG8=", "k OPENPGPKEY aGVsbG8", "k OPENPGPKEY aGV sbG8=",
        "k OPENPGPKEY aGVsbG9=",
        "k SMIMEA 3 1 1 0123", "d DS 1 8 2 00",
        "d NS o.\nd DS 12345 8 2 "
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "d NS o.\nd DS 12345 8 1 0123456789abcdef0123456789abcdef01234567", "@ DS 1 8 1 00",
        "d DS 1 8 1 0123456789abcdef0123456789abcdef01234567", "@ CDS 0 0 0 00",
        "@ CDNSKEY 0 3 0 AA==", "@ DNSKEY 257 3 13 AAAA", "@ DNSKEY 257 2 13 AAAA",
        "@ DNSKEY 256 3 8 AwEAAaGVsbG8=", "@ TYPE65280 \\# 4 01020304", "@ TYPE65280 \\# 4 0102",
        "@ TYPE65280 \\# 0", "@ TYPE65280 abc", "@ TYPE1 \\# 4 c0000201", "x TYPE1 \\# 4 c0000201",
        "@ TYPE065280 \\# 0", "@ TXT \\# 2 0161", "x A \\# 4 c0000201", "x TYPE500 \\# 1 00",
        "x WKS 192.0.2.1 TCP 80", "x NULL \\# 0", "x ANY", "x AXFR x", "x OPT x", "x MD a.o.",
        "x MB a.o.",
        "x KEY 0 3 8 AA==", "x CERT PGP 0 0 aGVsbG8=", "x NSAP 0x47", "x X25 \"311\"", "x A6 0 ::1",
        "@ RRSIG A 8 2 300 20300101000000 20200101000000 1 o. AA==", "@ NSEC x.o. A",
    ]

    static let structure = [
        "", "; nothing", "\n\n\n", " \n\t\n", "x A 192.0.2.9\r\ny A 192.0.2.8\r\n",
        "x A 192.0.2.9\ry A 1.1.1.1",
        "x 1h A 192.0.2.9", "x 1h30m A 192.0.2.9", "x 1h30 A 192.0.2.9", "x 2147483647 A 192.0.2.9",
        "x 2147483648 A 192.0.2.9", "x 1W IN A 192.0.2.9", "x IN 1D A 192.0.2.9",
        "x IN IN A 192.0.2.9",
        "x 1 2 A 192.0.2.9", "x 0 A 192.0.2.9", "x -1 A 192.0.2.9", "x 99999999999 A 192.0.2.9",
        "x CH TXT a", "x CLASS1 A 192.0.2.9", "x HS A 192.0.2.9", "x NONE A 192.0.2.9",
        "x in a 192.0.2.9", "X.SITE.TEST. A 192.0.2.9",
        "$TTL 60\nx A 192.0.2.9\ny 5 A 192.0.2.8\nz A 192.0.2.7",
        "$TTL 1h\nx A 192.0.2.9", "$ttl 60\nx A 192.0.2.9", "$TTL\nx A 192.0.2.9",
        "$TTL 60 70\nx A 1.1.1.1",
        "$TTL x", "$TTL 2147483648\nx A 192.0.2.9", "x 60 A 192.0.2.9\ny A 192.0.2.8",
        "$ORIGIN sub\nx A 192.0.2.9\n TXT \"under\"\n@ A 192.0.2.3",
        "$ORIGIN sub.site.test.\n@ A 192.0.2.9",
        "$ORIGIN other.example.\nx A 192.0.2.9", "$ORIGIN", "$ORIGIN a b", "$INCLUDE /etc/passwd",
        "$GENERATE 1-5 h$ A 192.0.2.$", "$FOO bar", " $TTL 60",
        " TXT \"belongs to the last label\"",
        " A 192.0.2.9", " MX 10 mail.o.", " 60 TXT x", " IN TXT x", "x (A\n192.0.2.9)",
        "x A ( 192.0.2.9 ; why\n)", "x\n A 192.0.2.9", "(x A 192.0.2.9)", " ( TXT\n a )",
        "x A 192.0.2.9 ;",
        "x A 192.0.2.9;tight", "x A", "x", "x 300", "x IN", "\"x\" A 192.0.2.9", "x FOO bar",
        "x A\u{0B}192.0.2.9",
        "x A 192.0.2.9 \u{0C}", "x A 192.0.2.9\0", "\u{FEFF}x A 192.0.2.9",
        "x A 192.0.2.9 192.0.2.8",
        "x A 192.0.2", "x A 192.0.2.256", "x A 192.0.02.1", "x AAAA ::g", "x AAAA 2001:DB8::1",
        "x AAAA ::192.0.2.1", "x AAAA ::ffff:192.0.2.1", "x AAAA 1:2:3:4:5:6:7::",
        "x AAAA fe80::1%eth0",
        "x A 192.0.2.9\nx A 192.0.2.9", "x 5 A 192.0.2.9\nx 6 A 192.0.2.8", "x A \"192.0.2.9\"",
    ]

    static let names = [
        "*.x A 192.0.2.9", "* TXT a", "a.*.b TXT a", "a*b TXT a", "_dmarc TXT \"v=DMARC1; p=none\"",
        "a_b A 192.0.2.9", "-a A 192.0.2.9", "a\\.b TXT x", "a\\032b TXT x", "a\\@b TXT x",
        "\\@ TXT x",
        "\\$x TXT x", "a\\\"b TXT x", "a..b TXT x", ".a TXT x", ". TXT x", "@.x TXT x", "a@b TXT x",
        "\\000 TXT x", "\\999 TXT x", "\\12 TXT x", "é TXT x", "a\\;b TXT x", "a\\(b TXT x",
        "A\\065 TXT x",
        String(repeating: "a", count: 63) + " TXT x", String(repeating: "a", count: 64) + " TXT x",
        String(repeating: "abcdefg.", count: 30) + "x TXT x",
        String(repeating: "abcdefg.", count: 31) + "x TXT x", "x CNAME A\\.B.o.",
        "x CNAME \\065.o.",
        "x CNAME ..", "x CNAME \"a\"", "x CNAME @", "x CNAME y z", "x.site.test TXT a",
        "x.other. TXT a",
        "xsite.test. TXT a", "a\\.site.test. TXT a", "test. TXT a", "*.*.x TXT a",
    ]

    static let rules = [
        "@ SOA a.o. b.o. 1 2 3 4 5", "x SOA a.o. b.o. 1 2 3 4 5", "@ A 192.0.2.9",
        "www A 192.0.2.9",
        "www AAAA ::1", "www CNAME x.o.", "WWW.site.test. A 192.0.2.9", "@ CNAME x.o.",
        "@ DNAME x.o.",
        "www DNAME x.o.", "www TXT a", "x.www A 192.0.2.9", "www NS ns.o.", "@ NS ns3.o.",
        "@ NS ns",
        "@ NS ns\nns A 192.0.2.53", "@ NS ns\nns AAAA 2001:db8::53", "@ NS ns\nns CNAME x.o.",
        "@ NS www",
        "@ NS a.ns\n*.ns A 192.0.2.53", "@ NS a.ns\n*.ns TXT x", "@ NS a.ns\n*.ns CNAME o.",
        "@ NS ns\na.ns A 192.0.2.5",
        "@ NS a.b.ns\n*.ns A 192.0.2.53", "@ NS a.b.ns\n*.ns A 192.0.2.53\nb.ns TXT x",
        "@ NS ns.d\nd DNAME o.", "sub NS ns.o.", "sub NS ns.sub\nns.sub A 192.0.2.53",
        "sub NS ns.sub", "sub NS ns",
        "sub NS ns\nns A 192.0.2.53", "sub NS ns.o.\nsub TXT x", "sub NS ns.o.\nsub A 192.0.2.9",
        "sub NS ns.o.\nx.sub TXT x",
        "sub NS ns\nns CNAME x.o.", "@ NS ns.sub\nsub NS ns.sub\nns.sub A 192.0.2.53",
        "@ NS x.sub\nsub NS ns.o.",
        "*.x NS ns.o.", "* NS ns.o.", "*.x DNAME o.", "x DNAME o.", "x DNAME o.\nx DNAME p.",
        "x DNAME o.\nx TXT a",
        "x DNAME o.\ny.x TXT a", "x DNAME o.\nx NS ns.o.", "x DNAME o.\nx CNAME o.",
        "x CNAME o.\nx CNAME p.",
        "x CNAME o.\nx CNAME o.", "x CNAME o.\nx TXT a", "x TXT a\nx CNAME o.",
        "x CNAME o.\nX MX 1 o.",
        "x CNAME x", "* CNAME o.", "x CNAME o.\ny.x A 192.0.2.9", "x CNAME x.o.\nx A 192.0.2.9",
        "@ TXT a\n@ TXT a\n@ TXT b", "@ PTR x.o.", "1 PTR a", "x NS", "@ NS 192.0.2.1", "@ NS .",
    ]

    static let broken = [
        "@ MX 10 mail\n\nmail A 192.0.2.25 ; good\nbad line here\n",
        "x A 192.0.2.9\ny CNAME\nz TXT ok",
        "@ TXT (\n\n\"never closed\"\n", "@ TXT \"never closed\nx A 192.0.2.9\n", "\\", "\"", "(",
        ")", "@", "@ @",
        "@ @ @", "IN A 192.0.2.9", "A 192.0.2.9", "A A 192.0.2.9", "300 A 192.0.2.9",
        "300 300 A 192.0.2.9",
        "x A 192.0.2.9 ) ", "x A ( 192.0.2.9", "-- x", "# comment", "// comment",
        "x A 192.0.2.9 # why",
    ]

    /// Names that must be host names, or need not (check-names).
    static let hosts = [
        "a_b A 192.0.2.9", "a_b AAAA ::1", "a_b MX 1 x.o.", "a_b TXT x", "a_b CNAME x.o.",
        "a_b SRV 0 0 1 x.o.", "-a A 192.0.2.9", "a- A 192.0.2.9", "1 A 192.0.2.9",
        "*.q A 192.0.2.9", "* MX 1 x.o.", "*a A 192.0.2.9", "q.*.x A 192.0.2.9",
        "*.b_c A 192.0.2.9", "a.b_c.d A 192.0.2.9", "\\097 A 192.0.2.9", "\\233 A 192.0.2.9",
        "@ CDS 0 0 0 b0", "@ CDS 1 0 0 00", "@ CDNSKEY 0 3 0 AAAA", "gc._msdcs.q] A 192.0.2.9",
        "gc._msdcs A 192.0.2.9", "gc._msdcs.q AAAA ::1", "x.gc._msdcs A 192.0.2.9",
        "gc._msdcs MX 1 x.o.", "q MX 1 a_b.o.", "q MX 1 -a.o.", "q MX 1 *.o.", "q CNAME a_b.o.",
        "q NS a_b.o.", "q SRV 0 0 1 a_b.o.", "q PTR a_b.o.", "q DNAME a_b.o.",
        "q AFSDB 1 a_b.o.", "q AFSDB 1 .", "q RP a_b.o. y.o.", "q RP a@b.o. y.o.",
        "q RP a\\.b.o. y.o.", "q RP a.b_c.o. y.o.", "q RP x_.o. y_y.o.",
        "q RP x\\032y.o. y.o.", "q RP x\\000y.o. y.o.", "q RP . y.o.", "q HTTPS 1 a_b.o.",
        "q HTTPS 0 a_b.o.", "q SVCB 1 _a.o.", "q SVCB 1 A-B.o.", "q SVCB 1 a\\032b.o.",
        "q NAPTR 1 1 \"\" \"\" \"\" a_b.o.",
    ]

    /// What Knot DNS does not read of what BIND and we take, one of each kind that fuzzing found.
    static let knot = [
        "x] TXT x", "x& TXT x", "x! TXT x", "x$ TXT x", "x} TXT x", "x, TXT x", "x` TXT x",
        "x CNAME a]b.o.", "x MX 10 m", "\r\n", "x TXT a\r", "$ORIGIN x]\n",
        "_443._tcp TLSA 3 1 1 01 23", "q CDS 0 31 0 00 10", "k OPENPGPKEY aGVs bG8=",
        "q DNSKEY 257 3 13 AA AA", "$ORIGIN sub.site.test",
    ]
}
