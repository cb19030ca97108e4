import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The completions that `make install` installs, in their shells.
@Suite(.serialized) struct CompletionTests {
    @Test func bashOffersVerbsFlagsValuesAndFiles() async throws {
        try await Installation.with { installation in
            func offers(_ line: String) async throws -> [String] { try await installation.bashOffers(line) }
            try installation.registerBuilder("shared")
            try installation.add("kubectl", Self.contexts)
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

    private static let contexts =
        "[ \"$*\" != 'config get-contexts --output name' ] || printf '%s\\n' production staging"

    @Test func theValuesOfTheClusterAreThoseOfTheContextOnTheLine() async throws {
        try await Installation.with { installation in
            try installation.add(
                "kubectl",
                """
                case "$*" in
                *--context*) names="staging-a staging-b" ;;
                *) names=current ;;
                esac
                case "$2 $3" in
                "--raw /api/v1/namespaces?"* | "--raw /apis/storage.k8s.io/v1/storageclasses?"*) ;;
                *) exit 1 ;;
                esac
                printf '{"items": ['
                separator=
                for name in $names; do
                    printf '%s{"metadata": {"name": "%s"}}' "$separator" "$name"
                    separator=,
                done
                printf ']}'
                """)
            try installation.add("helm", "printf '%s\\n' \"$(echo \"$*\" | tr ' ' _)\"")
            func offers(_ line: String) async throws -> [String] {
                try await installation.bashOffers("buildkit-installer install \(line)")
            }
            #expect(try await offers("--namespace ") == ["current"])
            #expect(try await offers("--context staging --namespace ") == ["staging-a", "staging-b"])
            #expect(try await offers("--context staging -n staging-b") == ["staging-b"])
            #expect(try await offers("--storage-class ") == ["current"])
            #expect(try await offers("--release ") == ["list_--short_--all-namespaces"])
            #expect(
                try await offers("--context staging -n builds --release ")
                    == ["list_--short_--namespace_builds_--kube-context_staging"])
        }
    }

    @Test func theClientsAreThoseOfTheCertificatesFolder() async throws {
        try await Installation.with { installation in
            let certs = "\(installation.root)/certs"
            try FileManager.default.createDirectory(
                atPath: "\(certs)/clients/alice", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: "\(certs)/clients/alice/cert.pem"))
            let line = "buildkit-installer client renew --certs \(certs) --name "
            #expect(try await installation.bashOffers(line) == ["alice"])
            #expect(try await installation.bashOffers("buildkit-installer client renew --name ") == [])
        }
    }

    /// The line that is being typed would be garbled.
    @Test(arguments: [
        "echo 'error: no configuration' >&2; exit 1", "printf '\\033]0;T\\007\\n\\302\\23331m\\n{\\n'",
        "trap '' TERM; while :; do sleep 1; done",
    ])
    func nothingIsOfferedOrPrintedWhereNamesCannotBeRead(_ script: String) async throws {
        try await Installation.with { installation in
            for tool in ["kubectl", "helm"] { try installation.add(tool, script) }
            for flag in ["--context", "--namespace", "--release"] {
                let outcome = try await installation.completing("buildkit-installer install \(flag) ")
                #expect(outcome.errors == "")
                #expect(outcome.output.filter { !["\n", "{"].contains($0) } == "", "\(flag): \(outcome)")
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
    fileprivate func add(_ tool: String, _ script: String) throws {
        try StandIn.write(script, to: "\(prefix)/bin/\(tool)")
    }

    /// What bash offers at the end of a line.
    fileprivate func bashOffers(_ line: String) async throws -> [String] {
        // Where a busy machine takes longer than the limit of a query, nothing is offered: a user presses the key again.
        for _ in 0..<3 {
            let outcome = try await completing(line)
            #expect(outcome.errors == "")
            let offers = outcome.output.split(separator: "\n").map { String($0) }
            if !offers.isEmpty { return offers }
        }
        return []
    }

    fileprivate func completing(_ line: String) async throws -> Outcome {
        let script = "\(prefix)/share/bash-completion/completions/buildkit-installer"
        return try await shell("bash").run("--norc", Installation.script("complete.bash"), script, line)
    }

    /// Registers a builder in docker buildx.
    fileprivate func registerBuilder(_ name: String) throws {
        let folder = "\(home)/.docker/buildx/instances"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(#"{"Name": "\#(name)", "Driver": "remote", "Nodes": []}"#.utf8)
            .write(to: URL(filePath: "\(folder)/\(name)"))
    }
}
