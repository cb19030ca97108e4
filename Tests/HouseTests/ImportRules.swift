import FoundationEssentials
import Testing

/// What keeps the layers apart. SwiftPM lets a target import whatever another target of the package depends on.
struct ImportRules {
    @Test(arguments: [
        (modules: ["ArgumentParser"], home: "buildkit-installer/"),
        (modules: ["Subprocess"], home: "Installer/Doing/ProcessRunner.swift"),
        (
            modules: ["X509", "Crypto", "CryptoExtras", "_CryptoExtras", "SwiftASN1"]
                + ["NIO", "NIOCore", "NIOPosix", "NIOSSL"],
            home: "MutualTLS/"
        ),
        (modules: ["CNCurses"], home: "Terminal/"),
    ])
    func modulesAreImportedWhereTheyBelongOnly(modules: [String], home: String) throws {
        let strays = try SourceFile.all()
            .filter { !$0.path.hasPrefix(home) && !$0.imports.isDisjoint(with: modules) }
        #expect(strays.map(\.path) == [], "only \(home) imports \(modules.joined(separator: ", "))")
    }

    @Test func nothingThatShipsImportsFoundation() throws {
        // It alone would double the binary. What runs during the build only may.
        let strays = try SourceFile.all()
            .filter { !$0.path.hasPrefix("EmbedChart/") && !$0.path.hasPrefix("embed-chart/") }
            .filter { $0.imports.contains("Foundation") }
        #expect(strays.map(\.path) == [], "FoundationEssentials has what the product may use")
    }
}
