import FoundationEssentials
import LabSupport

/// A bake definition of two targets that depend on the result of a third one.
struct LinkedTargets: Sendable {
    private let folder: String

    /// - Parameters:
    ///   - step: a shell command that the third one runs.
    ///   - network: of its steps.
    ///   - parent: exists; the files of this definition are written to a new folder in it.
    init(step: String = "true", network: String = "none", in parent: String) throws {
        folder = "\(parent)/linked-\(UInt64.random(in: 0 ... .max))"
        let root = try ContainerRoot(
            at: "\(folder)/tools", applets: ["cat", "mkdir", "sed", "sh", "sleep", "wget"])
        let definition = """
            group "default" { targets = ["app", "report"] }
            target "base" {
              network = "\(network)"
              contexts = { tools = "\(root.path)" }
              dockerfile-inline = "FROM scratch\\nCOPY --from=tools / /\\nRUN \(step); echo base > /name\\n"
            }
            target "app" {
              network = "none"
              contexts = { base = "target:base" }
              dockerfile-inline = "FROM base AS steps\\nRUN sed 's/$/ of app/' /name > /result\\nFROM scratch\\nCOPY --from=steps /result /\\n"
              output = ["type=local,dest=\(folder)/app"]
            }
            target "report" {
              network = "none"
              contexts = { base = "target:base" }
              dockerfile-inline = "FROM base AS steps\\nRUN sed 's/$/ of report/' /name > /result\\nFROM scratch\\nCOPY --from=steps /result /\\n"
              output = ["type=local,dest=\(folder)/report"]
            }
            """
        try Data(definition.utf8).write(to: URL(filePath: "\(folder)/docker-bake.hcl"))
    }

    /// Bakes them, and returns the results of the two.
    func bake(with docker: Program, builder: String) async throws -> [String] {
        try await docker.require(
            "buildx", "bake", "--builder", builder, "--file", "\(folder)/docker-bake.hcl", "--allow", "fs=*",
            "--allow", "network.host")
        return try ["app", "report"].map {
            try String(contentsOf: URL(filePath: "\(folder)/\($0)/result"), encoding: .utf8)
        }
    }
}
