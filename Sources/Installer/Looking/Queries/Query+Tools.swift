extension Query<String> {
    static let kubectl = tool(Command(.kubectl, ["version", "--client", "--output", "json"], timeout: 15))

    /// `helm version` has no JSON, and prints a Go structure unless it is told what to print.
    static let helm = tool(Command(.helm, ["version", "--template", "{{.Version}}"], timeout: 15))

    /// Unlike `docker version`, it does not look for an engine, which need not be there.
    static let docker = tool(Command(.docker, ["--version"], timeout: 15))

    /// The plugin is there where this succeeds; `docker buildx --help` succeeds without it.
    static let buildx = tool(Command(.docker, ["buildx", "version"], timeout: 15), called: "docker buildx")

    private static func tool(_ command: Command, called name: String? = nil) -> Query {
        let name = name ?? command.tool.rawValue
        return Query(command) { result throws(Failure) in
            let text = try result.text(else: "\(name) does not say its version")
            guard let version = text.firstVersion else {
                throw Failure("\(name) does not say its version", detail: text.trimmed)
            }
            return version
        }
    }
}
