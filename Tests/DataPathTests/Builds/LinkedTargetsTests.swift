import LabSupport
import Testing

extension Builds {
    @Suite struct LinkedTargetsTests {
        @Test func targetsThatAreMadeOfAnotherAreBaked() async throws {
            let installation = try Installation.current
            let targets = try LinkedTargets(in: installation.folder)
            let results = try await targets.bake(
                with: installation.laptop.docker, builder: "remote-kubernetes")
            #expect(results == ["base of app\n", "base of report\n"])
        }
    }
}
