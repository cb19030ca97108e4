import FoundationEssentials
import LabSupport

/// Wraps the tools of a machine: records the commands, and holds a command at a moment that the test selects, so that
/// a run can be ended there.
struct ToolWatch: Sendable {
    /// Before the tool has done anything, or after it has done everything but has not reported it yet.
    enum Moment: String, Sendable { case before, after }

    private let folder: String

    /// Replaces the tools.
    init(over installation: Installation) throws {
        folder = installation.folder
        for tool in ["kubectl", "helm", "docker"] {
            guard FileManager.default.fileExists(atPath: "\(installation.laptop.programs)/\(tool)") else {
                continue
            }
            let real = try installation.laptop.target(of: tool)
            try installation.laptop.replace(tool, with: Self.script(tool, real, folder))
        }
    }

    /// A held command continues when it is released, or when the test's folder is deleted.
    private static func script(_ tool: String, _ real: String, _ folder: String) -> String {
        """
        line="\(tool) $*"
        printf '%s\\n' "$line" >> '\(folder)/calls'
        held() {
            [ -e '\(folder)/hold' ] || return 0
            { read -r moment; read -r times; read -r words; } < '\(folder)/hold'
            [ "$moment" = "$1" ] || return 0
            case $line in *"$words"*) ;; *) return 0 ;; esac
            [ "$(/usr/bin/grep -cF -- "$words" '\(folder)/calls')" = "$times" ] || return 0
            : > '\(folder)/held'
            while [ -e '\(folder)/hold' ]; do /usr/bin/sleep 0.1; done
        }
        held before
        '\(real)' "$@"
        status=$?
        held after
        exit $status
        """
    }

    /// Holds the command that contains the words; of several matching ones that with the given number, counted from
    /// now on.
    func hold(_ moment: Moment, _ words: String, number: Int = 1) throws {
        try? FileManager.default.removeItem(atPath: "\(folder)/held")
        try write("", to: "calls")
        try write("\(moment.rawValue)\n\(number)\n\(words)\n", to: "hold")
    }

    func letGo() throws { try FileManager.default.removeItem(atPath: "\(folder)/hold") }

    var isHolding: Bool { FileManager.default.fileExists(atPath: "\(folder)/held") }

    /// The recorded commands.
    var calls: [String] {
        get throws {
            guard FileManager.default.fileExists(atPath: "\(folder)/calls") else { return [] }
            return try String(contentsOf: URL(filePath: "\(folder)/calls"), encoding: .utf8)
                .split(separator: "\n").map(String.init)
        }
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
}
