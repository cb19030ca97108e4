import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The completions that `make install` puts in their places, in the shells that they are for.
@Suite(.serialized) struct CompletionTests {
    @Test func bashOffersVerbsFlagsValuesAndFiles() async throws {
        try await Installation.with { installation in
            func offers(_ line: String) async throws -> [String] {
                let script = "\(installation.prefix)/share/bash-completion/completions/buildkit-installer"
                return try await installation.shell("bash")
                    .require("--norc", Installation.script("complete.bash"), script, line)
                    .split(separator: "\n").map { String($0) }
            }
            try installation.registerBuilder("shared")
            try installation.add(kubectlWith: ["production", "staging"])
            #expect(try await offers("buildkit-installer install --context st") == ["staging"])
            #expect(try await offers("buildkit-installer ins") == ["install"])
            #expect(try await offers("buildkit-installer answers sc") == ["schema"])
            #expect(try await offers("buildkit-installer install --expo") == ["--exposure"])
            #expect(try await offers("buildkit-installer install --node-port ") == [])
            #expect(
                try await offers("buildkit-installer install --values \(installation.prefix)/b")
                    == ["\(installation.prefix)/bin"])
            #expect(try await offers("buildkit-installer status --builder ") == ["shared"])
            let flags = Set(try await offers("buildkit-installer install --"))
            #expect(flags.isSuperset(of: Form.install.fields.map { "--\($0.id)" }))
            for field in Form.install.fields {
                guard case .choice(let options) = field.kind else { continue }
                #expect(
                    try await offers("buildkit-installer install --\(field.id) ") == options.map(\.value))
            }
        }
    }

    @Test func zshCompletesALine() async throws {
        try await Installation.with { installation in
            func completed(_ line: String) async throws -> String {
                let folder = "\(installation.prefix)/share/zsh/site-functions"
                return try await installation.shell("zsh")
                    .require("-f", Installation.script("complete.zsh"), folder, line)
            }
            try installation.registerBuilder("shared")
            #expect(
                try await completed("buildkit-installer install --exposure load")
                    == "buildkit-installer install --exposure load-balancer \n")
            #expect(
                try await completed("buildkit-installer status --builder sh")
                    == "buildkit-installer status --builder shared \n")
        }
    }

    @Test func fishOffersVerbsAndValues() async throws {
        try await Installation.with { installation in
            func offers(_ line: String) async throws -> [String] {
                try await installation.shell("fish").require("-c", "complete --do-complete '\(line)'")
                    .split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
            }
            let verbs = try await offers("buildkit-installer ins")
            #expect(verbs == ["install"])
            let values = try await offers("buildkit-installer install --key-algorithm ")
            #expect(values == ["p256", "ed25519", "rsa"])
        }
    }
}

extension Installation {
    /// A kubectl that knows these contexts and nothing else.
    fileprivate func add(kubectlWith contexts: [String]) throws {
        let path = "\(prefix)/bin/kubectl"
        let words = contexts.joined(separator: " ")
        let script = """
            #!/bin/sh
            [ "$*" != "config get-contexts --output name" ] || printf '%s\\n' \(words)

            """
        try Data(script.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// A builder that docker buildx would know.
    fileprivate func registerBuilder(_ name: String) throws {
        let folder = "\(home)/.docker/buildx/instances"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(#"{"Name": "\#(name)", "Driver": "remote", "Nodes": []}"#.utf8)
            .write(to: URL(filePath: "\(folder)/\(name)"))
    }
}
