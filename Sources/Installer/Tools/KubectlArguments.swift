/// A parsed command line of kubectl.
struct KubectlArguments {
    private(set) var words: [String] = []
    private var values: [String: String] = [:]
    private(set) var switches: Set<String> = []

    private static let withValue: Set = [
        "--output", "--namespace", "--context", "--selector", "--filename", "--raw", "--field-manager",
    ]

    /// - Returns: nil for another tool, for a command with an environment or a folder of its own, and where an argument
    ///   is not understood.
    init?(_ command: Command) {
        guard command.tool == .kubectl, command.environment.isEmpty, command.folder == nil else { return nil }
        var rest = command.arguments[...]
        while let argument = rest.popFirst() {
            if Self.withValue.contains(argument) {
                guard let value = rest.popFirst() else { return nil }
                values[argument] = value
            } else if argument.hasPrefix("-") {
                switches.insert(argument)
            } else {
                words.append(argument)
            }
        }
    }

    subscript(flag: String) -> String? { values[flag] }

    /// The timeout of a request, in seconds; nil where none is given.
    var timeout: Int? {
        switches.first { $0.hasPrefix("--request-timeout=") }.flatMap {
            Int($0.dropFirst("--request-timeout=".count).dropLast())
        }
    }

    /// Whether there are no other options.
    func areOnly(_ known: Set<String>) -> Bool {
        let given = Set(values.keys).union(switches.filter { !$0.hasPrefix("--request-timeout=") })
        return given.subtracting(known).subtracting(["--context", "--namespace"]).isEmpty
    }
}
