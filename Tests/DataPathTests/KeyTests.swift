import FoundationEssentials
import LabSupport
import Testing

/// No byte of a private key is stored outside the key files and the cluster's Secrets.
@Suite struct KeyTests {
    @Test func noFlowShowsAKey() async throws {
        try await withTemporaryFolder { folder in
            try await ControlPlane.withNamespace { namespace in
                let temporary = "\(folder)/tmp"
                try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
                let laptop = try Laptop(
                    in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig,
                    environment: ["TMPDIR": temporary])
                let recorder = try ToolRecorder(on: laptop, in: folder)
                let outcomes = try await LocalPods(namespace: namespace).whileRunning {
                    try await everyFlow(on: laptop, in: namespace, folder: folder)
                }

                let keys = try KeyBytes(below: [recorder.configurations, laptop.home, folder])
                // The keys of the failed install, of the successful one, and the new pairs: the searched keys exist.
                #expect(keys.count >= 12)
                let secrets = try await namespace.kubectl.require(
                    "get", "secrets", "-n", namespace.name, "-o", "json")
                #expect(keys.areIn(secrets))

                for (flow, outcome) in outcomes {
                    #expect(!keys.areIn(outcome.output + outcome.errors), "\(flow)")
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: recorder.calls).count > 30)
                #expect(try keys.files(below: recorder.calls) == [])
                #expect(try keys.files(below: laptop.home).filter { !$0.hasSuffix("key.pem") } == [])
                #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
            }
        }
    }

    /// Every operation of the installer, with its output.
    private func everyFlow(
        on laptop: Laptop, in namespace: Namespace, folder: String
    ) async throws -> [(flow: String, outcome: Outcome)] {
        let command = try Installation.command(in: namespace, port: freePort())
        let install = command + ["--sans", Installation.name]
        let answers = "\(laptop.home)/answers.json"
        let flows: [(String, [String], status: Int)] = [
            ("a rehearsal", install + ["--dry-run"], 0),
            ("a rehearsal in JSON", install + ["--dry-run", "--output", "json"], 0),
            ("a script", install + ["--print-commands"], 0),
            (
                "an install that fails",
                install + ["--image", "example/unready:1", "--timeout", "2", "--verbose"], 1
            ),
            ("an install", install + ["--output", "json", "--save-answers", answers, "--verbose"], 0),
            ("a second install", install + ["--answers", answers], 0),
            ("other certificates", ["issue", "--certs", "\(folder)/other", "--sans", Installation.name], 0),
            (
                "an install that would replace the Secrets",
                command + [
                    "--certificates", "folder", "--certs", "\(folder)/other", "--servername",
                    Installation.name,
                    "--image", "example/unready:1", "--timeout", "2",
                ], 1
            ),
        ]
        var outcomes: [(String, Outcome)] = []
        for (flow, arguments, status) in flows {
            let outcome = try await laptop.installer.run(arguments)
            #expect(outcome.status == status, "\(flow): \(outcome.errors)")
            outcomes.append((flow, outcome))
        }
        return outcomes
    }
}
