import FoundationEssentials
import Testing

/// What keeps the layers apart. SwiftPM lets a target import whatever another target of the package depends on.
struct ImportRules {
    @Test(arguments: [
        (modules: ["ArgumentParser"], home: "buildkit-installer/"),
        (modules: ["Subprocess"], home: "Installer/Support/ProcessRunner.swift"),
        (
            modules: ["X509", "Crypto", "CryptoExtras", "_CryptoExtras", "SwiftASN1"]
                + ["NIO", "NIOCore", "NIOPosix", "NIOSSL"],
            home: "MutualTLS/"
        ),
        (modules: ["CNCurses"], home: "Terminal/Curses/"),
    ])
    func modulesAreImportedWhereTheyBelongOnly(modules: [String], home: String) throws {
        let strays = try files { !$0.path.hasPrefix(home) && !$0.imports.isDisjoint(with: modules) }
        #expect(strays.isEmpty, "only \(home) imports \(modules)")
    }

    @Test func nothingThatShipsImportsFoundation() throws {
        // It alone would double the binary. What runs during the build only may.
        let buildTools = ["EmbedChart", "embed-chart"]
        let strays = try files { file in
            file.imports.contains("Foundation") && !buildTools.contains { file.path.hasPrefix("\($0)/") }
        }
        #expect(strays.isEmpty, "FoundationEssentials has what the product may use")
    }

    /// A plan, or a check that lets one through, must not take what could not be read for absent.
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
