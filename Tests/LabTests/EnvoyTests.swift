import FoundationEssentials
import LabSupport
import Testing

struct EnvoyTests {
    @Test func envoyTellsItsVersion() async throws {
        #expect(try await Program(.envoy).require("--version").contains("/1.40.0/"))
    }

    @Test func envoyServesAConfiguration() async throws {
        try await withTemporaryFolder { folder in
            let socket = "\(folder)/admin"
            let configuration = "\(folder)/envoy.json"
            try Data(#"{"admin": {"address": {"pipe": {"path": "\#(socket)"}}}}"#.utf8)
                .write(to: URL(filePath: configuration))
            try await Envoy.whileRunning(configuration: configuration) { _ in
                let curl = Program("curl")
                try await eventually("Envoy is live") {
                    try await curl.run("-s", "--unix-socket", socket, "http://envoy/ready").output == "LIVE\n"
                }
            }
        }
    }

    @Test func aProgramThatEndsAtOnceIsAFailureWithItsLastWords() async throws {
        let failure = await #expect(throws: LabFailure.self) {
            try await Envoy.whileRunning(configuration: "/nowhere.yaml") { _ in }
        }
        #expect(failure?.description.contains("/nowhere.yaml") == true)
    }
}
