import FoundationEssentials
import LabSupport
import Testing

extension Builds {
    /// The user's data that a step receives and that no image contains.
    @Suite struct MountTests {
        @Test func aStepReadsASecret() async throws {
            let installation = try Installation.current
            let recipe = try Recipe(
                "RUN --mount=type=secret,id=token cat /run/secrets/token > result", in: installation.folder)
            let token = "\(recipe.folder)-token"
            try Data("open sesame".utf8).write(to: URL(filePath: token))
            let result = try await recipe.result(
                with: installation.laptop.docker, builder: "remote-kubernetes",
                ["--secret", "id=token,src=\(token)"])
            #expect(result == "open sesame")
        }

        @Test func aStepAsksTheAgentForKeys() async throws {
            let installation = try Installation.current
            let recipe = try Recipe("RUN --mount=type=ssh ssh-add -l > result", in: installation.folder)
            try await recipe.root.add("/usr/bin/ssh-add")
            let key = "\(recipe.folder)-key"
            try await Program("ssh-keygen").require("-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", key)
            let result = try await recipe.result(
                with: installation.laptop.docker, builder: "remote-kubernetes", ["--ssh", "default=\(key)"])
            let fingerprint = try await Program("ssh-keygen").require("-l", "-f", key).split(separator: " ")[
                1]
            #expect(result.contains(fingerprint))
        }
    }
}
