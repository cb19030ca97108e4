import FoundationEssentials
import Testing

/// Enforces the layers. SwiftPM permits a target to import the dependencies of other targets of the package.
struct ImportRules {
    @Test(arguments: [
        (modules: ["ArgumentParser"], home: "buildkit-installer/"),
        (modules: ["Subprocess"], home: "Installer/Support/ProcessRunner.swift"),
        (
            modules: ["X509", "Crypto", "CryptoExtras", "_CryptoExtras", "SwiftASN1", "NIOSSL", "NIOTLS"],
            home: "MutualTLS/"
        ),
        (modules: ["NIOHTTP1"], home: "Installer/Tools/HTTPExchange.swift"),
        (modules: ["CZlib"], home: "Installer/Support/Gzip.swift"),
        (modules: ["CNCurses"], home: "Terminal/Curses/"),
    ])
    func modulesAreImportedWhereTheyBelongOnly(modules: [String], home: String) throws {
        let strays = try files { !$0.path.hasPrefix(home) && !$0.imports.isDisjoint(with: modules) }
        #expect(strays.isEmpty, "only \(home) imports \(modules)")
    }

    @Test func nothingThatShipsImportsFoundation() throws {
        // It alone would double the size of the binary. Only build tools may import it.
        let buildTools = ["EmbedChart", "embed-chart"]
        let strays = try files { file in
            file.imports.contains("Foundation") && !buildTools.contains { file.path.hasPrefix("\($0)/") }
        }
        #expect(strays.isEmpty, "FoundationEssentials has what the product may use")
    }

    /// A plan, or a check that permits one, must not treat an unread fact as absent.
    @Test func nothingIsPlannedOnWhatIsNotKnown() throws {
        let strays = try textFiles(in: "Sources/Installer", ending: ".swift").filter { path, text in
            guard path.hasPrefix("Planners/") || path.hasPrefix("Checks/") else { return false }
            let takesDefaults = [".value ??", ".value?.", ".value??"].contains { text.contains($0) }
            let holdsFacts = path.hasPrefix("Planners/") && text.contains("let facts: Facts\n")
            return takesDefaults || holdsFacts
        }.map(\.path)
        #expect(strays.isEmpty, "plans are made of InstallFacts and its siblings")
    }

    private func files(where isStray: (SourceFile) -> Bool) throws -> [String] {
        SourceFile.all.filter(isStray).map(\.path)
    }
}
