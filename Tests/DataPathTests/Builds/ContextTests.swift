import LabSupport
import Testing

extension Builds {
    @Suite struct ContextTests {
        /// Several times the proxy's buffer size.
        @Test func aContextOfManyMegabytesArrivesWhole() async throws {
            let installation = try Installation.current
            let recipe = try Recipe(
                "COPY blob /\nRUN sha256sum /blob | sed 's/ .*//' > result", in: installation.folder)
            let openssl = Program("openssl")
            try await openssl.require("rand", "-out", "\(recipe.folder)/blob", "\(64 << 20)")
            let sum = try await openssl.require("dgst", "-sha256", "-r", "\(recipe.folder)/blob")
            let result = try await recipe.result(
                with: installation.laptop.docker, builder: "remote-kubernetes")
            #expect(result == sum.prefix { $0 != " " } + "\n")
        }
    }
}
