import FoundationEssentials

/// Wraps the installer's tools, and kills the installer at a given call among those that change something.
struct ToolKiller: Sendable {
    /// Before the tool has done anything, or after it has done everything.
    enum Moment: String, CaseIterable, Sendable { case before, after }

    private let folder: String

    init(over installation: Installation) throws {
        folder = installation.folder
        for tool in ["kubectl", "helm", "docker"] {
            let real = try installation.laptop.target(of: tool)
            try installation.laptop.replace(tool, with: Self.script(tool, real, folder))
        }
    }

    private static func script(_ tool: String, _ real: String, _ folder: String) -> String {
        """
        case "\(tool) $*" in
            *"--validate=false"*) exec '\(real)' "$@" ;;
            "kubectl create "*|"kubectl apply "*|"kubectl replace "*|"kubectl delete "*|"kubectl annotate "*) ;;
            "kubectl rollout "*|"kubectl scale "*|"kubectl patch "*) ;;
            "helm install "*|"helm upgrade "*|"helm uninstall "*|"helm rollback "*) ;;
            "docker buildx create "*|"docker buildx rm "*|"docker buildx use "*) ;;
            *) exec '\(real)' "$@" ;;
        esac
        [ -e '\(folder)/kill' ] || exec '\(real)' "$@"
        { read -r moment; read -r number; } < '\(folder)/kill'
        echo >> '\(folder)/changes'
        count=0
        while read -r line; do count=$((count + 1)); done < '\(folder)/changes'
        [ "$count" = "$number" ] || exec '\(real)' "$@"
        if [ "$moment" = after ]; then '\(real)' "$@"; fi
        echo "$moment \(tool) $*" > '\(folder)/killed'
        kill -9 $PPID
        """
    }

    func arm(_ moment: Moment, number: Int) throws {
        for name in ["killed", "changes"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        try Data("\(moment.rawValue)\n\(number)\n".utf8).write(to: URL(filePath: "\(folder)/kill"))
    }

    func disarm() throws { try FileManager.default.removeItem(atPath: "\(folder)/kill") }

    /// The call at which it killed; nil: there was no call with that number.
    var point: String? {
        FileManager.default.contents(atPath: "\(folder)/killed").map { String(decoding: $0, as: UTF8.self) }
    }
}
