// swift-tools-version: 6.2
import PackageDescription

// Measures the quality of decisions: the production core's and other rules', on generated failures. It has the
// core's sources by links, and nothing else of the package above, so that it builds in a minute.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "edgemanage-quality",
    targets: [
        // Nothing here links Foundation, which brings the library of mathematics along.
        .target(
            name: "EdgeCore", swiftSettings: settings, linkerSettings: [.linkedLibrary("m")]),
        // Generated failures, the rules, and what they come to.
        .target(name: "QualityKit", dependencies: ["EdgeCore"], swiftSettings: settings),
        .executableTarget(
            name: "edgemanage-quality", dependencies: ["QualityKit"], swiftSettings: settings),
        .testTarget(
            name: "QualityKitTests", dependencies: ["QualityKit", "EdgeCore"],
            swiftSettings: settings),
    ]
)
