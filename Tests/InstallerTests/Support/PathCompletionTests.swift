import FoundationEssentials
@testable import Installer
import Testing

@Suite struct PathCompletionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["certs", "certs/client", "certs/daemon", ".hidden"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["values.yaml", "values-ci.yaml", "certs/ca.pem", "ключ.pem"] {
            try Data().write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
    }

    private func complete(_ text: String) -> PathCompletion { PathCompletion(text, home: folder.path) }

    @Test(arguments: [
        ("~/ce", "~/certs/", ["~/certs/"]),
        ("~/certs/c", "~/certs/c", ["~/certs/ca.pem", "~/certs/client/"]),
        ("~/certs/cl", "~/certs/client/", ["~/certs/client/"]),
        ("~/val", "~/values", ["~/values-ci.yaml", "~/values.yaml"]),
        ("~/values.y", "~/values.yaml", ["~/values.yaml"]),
        ("~/кл", "~/ключ.pem", ["~/ключ.pem"]),
        // Hidden files only where they are asked for.
        ("~/.", "~/.hidden/", ["~/.hidden/"]),
        ("~/none", "~/none", []), ("~/none/x", "~/none/x", []),
    ])
    func whatAllFilesShareIsAdded(_ typed: String, _ text: String, _ matches: [String]) {
        let completion = complete(typed)
        #expect(completion.text == text)
        #expect(completion.matches == matches)
    }

    @Test func aNameThatATerminalCannotShowIsNotOffered() throws {
        for name in ["certs\u{1B}[2J", "certs\n", "certs\u{202E}x"] {
            try Data().write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        #expect(complete("~/certs").matches == ["~/certs/"])
    }

    @Test func anAbsolutePathIsKeptAsItWasTyped() {
        #expect(complete("\(folder.path)/ce").text == "\(folder.path)/certs/")
        #expect(complete("\(folder.path)/").matches.count == 4)
    }
}
