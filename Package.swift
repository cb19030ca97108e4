// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where it matters and nowhere else: a newer compiler must not stop somebody's first build.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let package = Package(
    name: "buildkit-installer",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "buildkit-installer", targets: ["buildkit-installer"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // Without its Foundation trait: that one alone would add eleven megabytes to the binary.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        // For tests only: rendered charts are YAML.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The product, from the bottom up.
        .target(
            name: "CNCurses",
            linkerSettings: [
                .linkedLibrary("ncursesw", .when(platforms: [.linux])),
                .linkedLibrary("tinfo", .when(platforms: [.linux])),
                .linkedLibrary("ncurses", .when(platforms: [.macOS])),
            ]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Terminal", dependencies: ["CNCurses"], swiftSettings: strict),
        .target(
            name: "MutualTLS",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict),
        .target(
            name: "Installer",
            dependencies: [
                "CZlib", "MutualTLS",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            // A link to the repository's `templates`: SwiftPM watches a target's folders, so that a template
            // that comes or goes is embedded anew.
            exclude: ["templates"],
            swiftSettings: strict,
            plugins: ["EmbedChart"]),
        .target(name: "Wizard", dependencies: ["Installer", "Terminal"], swiftSettings: strict),
        .executableTarget(
            name: "buildkit-installer",
            dependencies: [
                "Installer", "Wizard", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // The chart goes into the binary.
        .executableTarget(name: "embed-chart", swiftSettings: strict),
        .plugin(
            name: "EmbedChart", capability: .buildTool(), dependencies: ["embed-chart"],
            path: "Sources/EmbedChart"),

        // What tests with real parts share: the parts come from Tests/Lab.
        .target(
            name: "LabSupport",
            dependencies: [.product(name: "Subprocess", package: "swift-subprocess")],
            path: "Tests/LabSupport",
            swiftSettings: strict),
        // The built program on real parts: what the cluster side does, and what the data path does.
        .testTarget(
            name: "ClusterTests",
            dependencies: ["Installer", "LabSupport", "MutualTLS", "buildkit-installer"],
            swiftSettings: strict),
        .testTarget(
            name: "DataPathTests",
            dependencies: [
                "ChartSupport", "Installer", "LabSupport", "MutualTLS", "PseudoTerminal", "SessionSupport",
                "buildkit-installer",
            ],
            swiftSettings: strict),
        .testTarget(name: "LabTests", dependencies: ["LabSupport"], swiftSettings: strict),
        .target(
            name: "SessionSupport", dependencies: ["LabSupport", "PseudoTerminal"],
            path: "Tests/SessionSupport",
            swiftSettings: strict),
        // The built program in a terminal of its own, from its first page to the end.
        .testTarget(
            name: "SessionTests",
            dependencies: [
                "Installer", "LabSupport", "PseudoTerminal", "SessionSupport", "Terminal",
                "buildkit-installer",
            ],
            exclude: ["Golden"],
            swiftSettings: strict),
        // The proxy of an installed chart, run on this machine.
        .target(
            name: "ChartSupport",
            dependencies: ["LabSupport", .product(name: "Yams", package: "Yams")],
            path: "Tests/ChartSupport",
            swiftSettings: strict),
        .testTarget(
            name: "ChartTests",
            dependencies: [
                "ChartSupport", "Installer", "LabSupport", "MutualTLS",
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: [
                "Golden", "Proxy/certificate-set.sh", "Proxy/certificates.sh", "render.py", "schemas.py",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StructureTests", dependencies: ["Installer"], exclude: ["layers.txt"],
            swiftSettings: strict),

        // For tests: the real binary in a terminal, seen through an emulator.
        .systemLibrary(name: "CVTerm", path: "Tests/CVTerm", providers: [.apt(["libvterm-dev"])]),
        .target(
            name: "PseudoTerminal", dependencies: ["CVTerm"], path: "Tests/PseudoTerminal",
            swiftSettings: strict),
        .executableTarget(
            name: "terminal-demo", dependencies: ["Terminal"], path: "Tests/TerminalDemo",
            swiftSettings: strict),

        // For `make bench`.
        .executableTarget(
            name: "certificate-bench", dependencies: ["MutualTLS"], path: "Tests/CertificateBench",
            swiftSettings: strict),
        .executableTarget(
            name: "data-path-bench",
            dependencies: [
                "ChartSupport", "LabSupport", "MutualTLS", .product(name: "Yams", package: "Yams"),
            ],
            path: "Tests/DataPathBench",
            swiftSettings: strict),

        // Tests of one target each.
        .testTarget(
            name: "TerminalTests",
            dependencies: ["LabSupport", "PseudoTerminal", "Terminal", "terminal-demo"],
            swiftSettings: strict),
        .testTarget(name: "MutualTLSTests", dependencies: ["MutualTLS"], swiftSettings: strict),
        .testTarget(
            name: "InstallerTests", dependencies: ["Installer", "LabSupport"],
            exclude: ["Fixtures/Recordings"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "Installer", "LabSupport", "buildkit-installer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Shells"],
            swiftSettings: strict),
        .testTarget(
            name: "WizardTests", dependencies: ["Installer", "LabSupport", "Terminal", "Wizard"],
            exclude: ["Golden"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
