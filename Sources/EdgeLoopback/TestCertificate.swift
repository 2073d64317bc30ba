/// A certificate with its key for edges on loopback: keys that everybody knows, for tests and the
/// demo only.
public struct TestCertificate: Hashable, Sendable {
    /// The certificate, PEM.
    public let certificate: String
    /// Its private key, PEM.
    public let key: String

    /// For `object.test`, by the test authority, valid from 2020 to 2119.
    public static let good = TestCertificate(certificate: goodCertificate, key: goodKey)
    /// For the address 192.0.2.1, by the test authority, valid from 2020 to 2119.
    public static let address = TestCertificate(certificate: addressCertificate, key: addressKey)
    /// For `other.test`, by the test authority, valid from 2020 to 2119.
    public static let wrongName = TestCertificate(
        certificate: wrongNameCertificate, key: wrongNameKey)
    /// For `object.test`, by the test authority, valid in January 2020 only.
    public static let expired = TestCertificate(certificate: expiredCertificate, key: expiredKey)
    /// For `object.test`, signed by itself, valid from 2020 to 2119.
    public static let selfSigned = TestCertificate(
        certificate: selfSignedCertificate, key: selfSignedKey)

    /// The test authority's own certificate, PEM: what a prober must trust.
    public static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBbTCCARSgAwIBAgICEAAwCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSRWRnZW1h
        bmFnZSB0ZXN0IENBMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAd
        MRswGQYDVQQDDBJFZGdlbWFuYWdlIHRlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASISe36xhou91IOMiwpJt6WENRbxG7zYAXI5zu18HxmuqNbavR85f2g
        3bIzdmzh2aE60ZVXG99x+c2hNeP6ww56o0IwQDAPBgNVHRMBAf8EBTADAQH/MA4G
        A1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUDQKQEq9ByU33m9hhH/kOe8XDX3gwCgYI
        KoZIzj0EAwIDRwAwRAIgaT6C4okz4x1swlzt3uBBqIaQsJRieuB1XfXWDm+H9pkC
        IB97p33DANUfxSE6vc4EBBSbRJw22QhF2E4PmyVLuhV1
        -----END CERTIFICATE-----
        """

    private static let goodCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnjCCAUWgAwIBAgICEAIwCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSRWRnZW1h
        bmFnZSB0ZXN0IENBMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAW
        MRQwEgYDVQQDDAtvYmplY3QudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
        BEGLHHynu5UCYh0ISirJT2FvOrXmMDhBN9QuNnZdffpuuM2ljMTQnydbIdNmg+3X
        re72Toc0Tg8Q0i+a8YR/XMWjejB4MBYGA1UdEQQPMA2CC29iamVjdC50ZXN0MBMG
        A1UdJQQMMAoGCCsGAQUFBwMBMAkGA1UdEwQCMAAwHQYDVR0OBBYEFCSK7JeWrlkH
        21iZloa9zv0FpYLwMB8GA1UdIwQYMBaAFA0CkBKvQclN95vYYR/5DnvFw194MAoG
        CCqGSM49BAMCA0cAMEQCIDnglu52PnBgPb0HdrcvvdT6UsUjNxQk6HyC8C3NYo7J
        AiByHfFt9ato4bXhSDPe6fnE6N0l5xHkUuiGxG5c8Wjc7A==
        -----END CERTIFICATE-----
        """

    private static let goodKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgloMX6qk76yhDfyao
        6QbkkRqGcIp5wavGimQUzpbXyGmhRANCAARBixx8p7uVAmIdCEoqyU9hbzq15jA4
        QTfULjZ2XX36brjNpYzE0J8nWyHTZoPt163u9k6HNE4PENIvmvGEf1zF
        -----END PRIVATE KEY-----
        """

    private static let addressCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBlTCCATygAwIBAgICEAMwCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSRWRnZW1h
        bmFnZSB0ZXN0IENBMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAU
        MRIwEAYDVQQDDAkxOTIuMC4yLjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARW
        XY5ddUk9akVMtVcj2DwT/XeYiVZzyqRwdOqiicwKf50BI1CyBRhSRys4G3fhdzNf
        Et7R+51THpTszPeOMW92o3MwcTAPBgNVHREECDAGhwTAAAIBMBMGA1UdJQQMMAoG
        CCsGAQUFBwMBMAkGA1UdEwQCMAAwHQYDVR0OBBYEFMYKytVQSsFyYl11DGq5GFXP
        dZ13MB8GA1UdIwQYMBaAFA0CkBKvQclN95vYYR/5DnvFw194MAoGCCqGSM49BAMC
        A0cAMEQCICDcSlRGiCRSKLrE6MkjA8cGCBmcIwF5Va96oTfn3dyHAiAwqXc2m/Dp
        4wZSiTZXjfrswAFmOmczSxHMe8Q6Yru9ug==
        -----END CERTIFICATE-----
        """

    private static let addressKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6wYkoV3+Yw779TWr
        xnSxf4PJdKj5OAUDdRJYqR/SZvyhRANCAARWXY5ddUk9akVMtVcj2DwT/XeYiVZz
        yqRwdOqiicwKf50BI1CyBRhSRys4G3fhdzNfEt7R+51THpTszPeOMW92
        -----END PRIVATE KEY-----
        """

    private static let wrongNameCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnjCCAUOgAwIBAgICEAQwCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSRWRnZW1h
        bmFnZSB0ZXN0IENBMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAV
        MRMwEQYDVQQDDApvdGhlci50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        7N58cTNLFz1A8evIMjs1guJUf/syIKMkooV/IkvkVQMJf6TXvZTuiwPzQCmxZffm
        5LvBlIDTKms+dRT0d6j1aaN5MHcwFQYDVR0RBA4wDIIKb3RoZXIudGVzdDATBgNV
        HSUEDDAKBggrBgEFBQcDATAJBgNVHRMEAjAAMB0GA1UdDgQWBBQ/kYezoak7K5vy
        xRqBLXA0bD5sQzAfBgNVHSMEGDAWgBQNApASr0HJTfeb2GEf+Q57xcNfeDAKBggq
        hkjOPQQDAgNJADBGAiEAr73eR9figSjbC6dJGaRvtcN5XrioD1fkCTN1R8/EqwUC
        IQDmyUPCLp/0+yBIBs+fPJlz1I16CE4F4tRdQqYKl6bjWA==
        -----END CERTIFICATE-----
        """

    private static let wrongNameKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgepT0WGuiKLjp9viO
        73UuXOhHONQw+9aGD5FjfZ1sBc+hRANCAATs3nxxM0sXPUDx68gyOzWC4lR/+zIg
        oySihX8iS+RVAwl/pNe9lO6LA/NAKbFl9+bku8GUgNMqaz51FPR3qPVp
        -----END PRIVATE KEY-----
        """

    private static let expiredCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUOgAwIBAgICEAUwCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSRWRnZW1h
        bmFnZSB0ZXN0IENBMB4XDTIwMDEwMTAwMDAwMFoXDTIwMDIwMTAwMDAwMFowFjEU
        MBIGA1UEAwwLb2JqZWN0LnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQQ
        gvsAR3SCt8vs5t67RADC1YoN1fW40cMcwnLJefTRV2XYIP3zyJ3gk+2oVUUKB1lS
        EIT7tTNW6VH7u1fsPubVo3oweDAWBgNVHREEDzANggtvYmplY3QudGVzdDATBgNV
        HSUEDDAKBggrBgEFBQcDATAJBgNVHRMEAjAAMB0GA1UdDgQWBBQVLahh8vqyzL0S
        GY7nab1OIXbYmzAfBgNVHSMEGDAWgBQNApASr0HJTfeb2GEf+Q57xcNfeDAKBggq
        hkjOPQQDAgNHADBEAiA3Id3FqBE7NdyOHrd+At2wRZOLy+zftyP8EnAOk2sXLgIg
        Pr0foRDRNL6IiAUBFfs+UyzQlp625rZ/XNtuhqDiNM0=
        -----END CERTIFICATE-----
        """

    private static let expiredKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQhYg3WflchdCeoWJ
        hHN6SW1CWsa4l6i7LW35y9co+eyhRANCAAQQgvsAR3SCt8vs5t67RADC1YoN1fW4
        0cMcwnLJefTRV2XYIP3zyJ3gk+2oVUUKB1lSEIT7tTNW6VH7u1fsPubV
        -----END PRIVATE KEY-----
        """

    private static let selfSignedCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBVjCB/aADAgECAgIQATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtvYmplY3Qu
        dGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFjEUMBIGA1UE
        AwwLb2JqZWN0LnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASakEpROMfs
        8Qz3FPpMLNI/YLUeXowT23PNmJaW/WzE1Vqyh8C2OgIUqJcyYaS6o8Oh8ZIo0pxL
        BTz0d3xEP1raozkwNzAWBgNVHREEDzANggtvYmplY3QudGVzdDAdBgNVHQ4EFgQU
        BPa05R6hE8lpaOTfATrGyAEbkA4wCgYIKoZIzj0EAwIDSAAwRQIgcu79PYxqGPrA
        NKbKgzOPgC6xZ/3hzDH7Zw9wPwBfh5ICIQDTJi0F7RvhLffFtGQG/XXBM55KHVNb
        1oIINZyiR3egUw==
        -----END CERTIFICATE-----
        """

    private static let selfSignedKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzh8qesnwD7KbOAFU
        BGDKXd4fZBTqTNFpWncTFeVmJv2hRANCAASakEpROMfs8Qz3FPpMLNI/YLUeXowT
        23PNmJaW/WzE1Vqyh8C2OgIUqJcyYaS6o8Oh8ZIo0pxLBTz0d3xEP1ra
        -----END PRIVATE KEY-----
        """
}
