// swift-tools-version: 6.2
import PackageDescription

// What script/fuzz builds: the sources of the package above (Sources is a link to them), optimised, with
// coverage for libFuzzer and with AddressSanitizer; their dependencies are built plainly.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

func system(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    .target(
        name: "EdgeSystem\(name)", dependencies: ["EdgeCore", "EdgeShell"] + more,
        path: "Sources/EdgeSystem/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "edgemanage-fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/stencilproject/Stencil", from: "0.15.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(name: "EdgeCore", swiftSettings: settings),
        .target(name: "EdgeShell", dependencies: ["EdgeCore"], swiftSettings: settings),
        .systemLibrary(name: "Cldns", pkgConfig: "ldns"),
        .systemLibrary(name: "Clinux"),
        system("Files"),
        system("Configuration", ["EdgeSystemFiles", .product(name: "Yams", package: "Yams")]),
        system(
            "Publish",
            [
                "EdgeSystemFiles", "Cldns", "Clinux",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        system(
            "NameServers",
            [
                "EdgeSystemFiles", "Cldns", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        system(
            "Template", ["EdgeSystemFiles", .product(name: "Stencil", package: "Stencil")]),
        .executableTarget(
            name: "edgemanage-fuzz",
            dependencies: [
                "Cldns", "EdgeCore", "EdgeShell", "EdgeSystemConfiguration",
                "EdgeSystemNameServers", "EdgeSystemPublish", "EdgeSystemTemplate",
            ],
            path: ".", exclude: ["Properties/Replay", "Sources", "corpus", "dictionaries"],
            sources: ["Driver", "Properties/Targets"],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
    ]
)
