// Commands in hints and next steps.

extension InstallationID {
    /// A command line of this program for this installation, independent of the current context and namespace.
    /// - Parameter verb: with its own flags: `rotate --finish`.
    func installer(_ verb: String, builder: String? = nil, settings: String? = nil) -> String {
        pinned("buildkit-installer \(verb)", builder: builder, settings: settings)
    }

    /// The text, with this installation added to every command: what differs from the defaults is added to commands of
    /// this program, and the context to those of kubectl and Helm, which have the namespace where it matters. A hint
    /// without them would act on another installation.
    ///
    /// All output passes through this function, so that single sentences need not include the flags.
    /// - Parameters:
    ///   - builder: the name in docker buildx; nil: unknown or irrelevant.
    ///   - settings: the file with the settings of the last install; nil: there is none.
    func pinned(_ text: String, builder: String? = nil, settings: String? = nil) -> String {
        let own = adding(to: text, Self.ownCommands) { verb, given in
            flags(of: verb, builder) + answers(for: verb, given, settings)
        }
        guard !context.isEmpty else { return own }
        let name = context.shellQuoted
        let kubectl = adding(to: own, Self.kubectlCommands) { _, _ in ["--context \(name)"] }
        return adding(to: kubectl, Self.helmCommands) { _, _ in ["--kube-context \(name)"] }
    }

    /// The text, with the flags that commands of a program lack: after the verbs of this one, whose verbs have flags of
    /// their own, and before those of others, as their documentation has it.
    /// - Parameter flags: by the verb and what follows it.
    private func adding(
        to text: String, _ program: Program, _ flags: (String, Substring) -> [String]
    ) -> String {
        var out = ""
        var rest = text[...]
        while let command = program.command(in: rest) {
            out += rest[..<command.verb.startIndex]
            rest = rest[command.verb.endIndex...]
            // In the shell `&` ends a command; inside a URL it has no space before it.
            let line = rest.prefix { $0 != "\n" }
            let own = line.firstRange(of: " &").map { line[..<$0.lowerBound] } ?? line
            // The line may contain further commands with flags of their own.
            let end = [Self.ownCommands, Self.kubectlCommands, Self.helmCommands].compactMap {
                $0.command(in: own)?.start
            }.min()
            let given = own[..<(end ?? own.endIndex)]
            let verb = String(command.verb)
            let missing = flags(verb, given).filter { !given.contains($0.prefix { $0 != " " } + " ") }
            let words = program.flagsFollowVerb ? [verb] + missing : missing + [verb]
            out += words.joined(separator: " ")
        }
        return out + rest
    }

    private func flags(of verb: String, _ builder: String?) -> [String] {
        var answers = Answers()
        (answers.context, answers.namespace, answers.release) = (context, namespace, release)
        var fields: [Field] = [.context, .namespace, .release]
        if let builder, !["sleep", "wake"].contains(verb) {
            answers.builder = builder
            fields.append(.builder)
        }
        return answers.flags(of: fields)
    }

    /// An install resets the settings that it is not given. A complete command line, which has `--yes`, gives all.
    private func answers(for verb: String, _ given: Substring, _ settings: String?) -> [String] {
        guard let settings, verb == "install", !given.contains("--yes"), isMeant(by: given) else {
            return []
        }
        return ["--answers \(settings.shellQuoted)"]
    }

    /// Whether no flag of a command names another installation.
    private func isMeant(by given: Substring) -> Bool {
        let own = [("--context ", context), ("--namespace ", namespace), ("--release ", release)]
        return own.allSatisfy { flag, name in
            guard let start = given.firstRange(of: flag) else { return true }
            return given[start.upperBound...].startsWithWord(name.shellQuoted)
        }
    }

    /// A program, and those of its commands that act on one installation or its cluster; longer ones first.
    private struct Program {
        /// With the space that follows it.
        let name: String
        let verbs: [String]
        /// Whether its verbs have flags of their own.
        var flagsFollowVerb = false

        /// The first of its commands in a text: where its name starts, and its verb. The name alone may be an argument, such
        /// as that of `--field-manager`.
        func command(in text: Substring) -> (start: Substring.Index, verb: Substring)? {
            var rest = text
            while let found = rest.firstRange(of: name) {
                rest = rest[found.upperBound...]
                if let verb = verbs.first(where: { rest.starts(with: $0, until: " ,.;:)\n'\"`&|") }) {
                    return (found.lowerBound, rest.prefix(verb.count))
                }
            }
            return nil
        }
    }

    private static let ownCommands = Program(
        name: "buildkit-installer ",
        verbs: [
            "client add", "client renew", "client revoke", "client list", "doctor bundle", "doctor",
            "install",
            "rotate", "status", "uninstall", "sleep", "wake",
        ], flagsFollowVerb: true)
    private static let kubectlCommands = Program(
        name: "kubectl ",
        verbs: [
            "annotate", "apply", "auth", "create", "delete", "describe", "get", "label", "logs", "patch",
            "port-forward", "rollout", "scale", "version", "wait",
        ])
    private static let helmCommands = Program(
        name: "helm ", verbs: ["get", "history", "install", "list", "rollback", "uninstall", "upgrade"])
}

extension Substring {
    /// Whether it starts with a word that is followed by one of these characters or by nothing.
    fileprivate func starts(with word: String, until ends: String) -> Bool {
        guard hasPrefix(word) else { return false }
        return dropFirst(word.count).first.map { ends.contains($0) } ?? true
    }

    /// Whether it starts with a word that ends there; punctuation within a word belongs to it.
    fileprivate func startsWithWord(_ word: String) -> Bool {
        guard hasPrefix(word) else { return false }
        let rest = dropFirst(word.count).drop { ",.;:)".contains($0) }
        return rest.first?.isWhitespace ?? true
    }
}

extension InstallerError {
    /// The failure with commands that name the installation.
    func pinned(
        to installation: InstallationID, builder: String? = nil, settings: String? = nil
    ) -> InstallerError {
        InstallerError(
            message, detail: detail,
            hint: hint.map { installation.pinned($0, builder: builder, settings: settings) }, code: code,
            subject: subject)
    }
}
