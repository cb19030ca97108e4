import LabSupport
import Testing

extension Builds {
    /// Requests that arrive while there is no BuildKit wait for it.
    @Suite struct HoldTests {
        /// A minute is three times buildx's own timeout for a connection.
        @Test func aBuildAndAHundredClientsAreHeldForAMinuteAndThenServed() async throws {
            try await OwnProxy.whileRunning { own in
                let sample = try SampleBuild(in: own.installation.folder)
                let docker = own.installation.laptop.docker
                let build = Task { try await sample.run(with: docker, builder: own.builder) }
                let clients = (0..<100).map { _ in Task { try await own.ask() } }
                try await eventually("all of them are held") {
                    try await own.held() == 101
                }
                try await Task.sleep(for: .seconds(60))
                #expect(try await own.held() == 101)
                try await own.whileBuilderServes { _ in
                    for client in clients {
                        let status = try await client.value
                        #expect(status == "0")
                    }
                    let user = try await build.value
                    #expect(user == "0\n")
                }
            }
        }
    }
}
