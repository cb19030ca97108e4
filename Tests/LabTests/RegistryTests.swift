import LabSupport
import Testing

struct RegistryTests {
    @Test func whoHasNotLoggedInIsRefused() async throws {
        try await Registry.whileServing { registry in
            let curl = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "http://\(registry.address)/v2/"]
            let stranger = try await Program("curl").require(curl)
            let ada = try await Program("curl").require(["--user", "ada:open sesame"] + curl)
            #expect((stranger, ada) == ("401", "200"))
        }
    }
}
