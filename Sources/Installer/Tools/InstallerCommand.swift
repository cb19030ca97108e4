// This program's own commands in hints and next steps.

extension InstallationID {
    /// A command line of this program for this installation, independent of the current context and namespace.
    /// - Parameter verb: with its own flags: `rotate --finish`.
    func installer(_ verb: String, builder: String? = nil) -> String {
        pinned("buildkit-installer \(verb)", builder: builder)
    }

    /// The text, with this installation added to every command of this program: whatever differs from the defaults is
    /// added as a flag. A hint without the namespace would act on another installation.
    ///
    /// All output passes through this function, so that single sentences need not include the flags.
    /// - Parameter builder: the name in docker buildx; nil: unknown or irrelevant.
    func pinned(_ text: String, builder: String? = nil) -> String {
        var out = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "buildkit-installer ") {
            out += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            guard let verb = Self.verbs.first(where: { rest.starts(with: $0, until: " ,.;:)\n'\"`&|") })
            else {
                continue
            }
            rest = rest.dropFirst(verb.count)
            let line = rest.prefix { $0 != "\n" && $0 != "&" }
            // The line may contain a second command with flags of its own.
            let own = line.firstRange(of: "buildkit-installer ").map { line[..<$0.lowerBound] } ?? line
            let flags = flags(of: verb, builder).filter { !own.contains($0.prefix { $0 != " " } + " ") }
            out += ([verb] + flags).joined(separator: " ")
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

    /// The commands that act on one installation; longer ones first.
    static let verbs = [
        "client add", "client renew", "client revoke", "client list", "doctor bundle", "doctor", "install",
        "rotate",
        "status", "uninstall", "sleep", "wake",
    ]
}

extension Substring {
    /// Whether it starts with a word that is followed by one of these characters or by nothing.
    fileprivate func starts(with word: String, until ends: String) -> Bool {
        guard hasPrefix(word) else { return false }
        return dropFirst(word.count).first.map { ends.contains($0) } ?? true
    }
}

extension Answers {
    /// A command line of this program for the installation of these answers.
    func installer(_ verb: String) -> String { installation.installer(verb, builder: builder) }
}

extension InstallerError {
    /// The failure with commands that name the installation.
    func pinned(to installation: InstallationID, builder: String? = nil) -> InstallerError {
        InstallerError(
            message, detail: detail, hint: hint.map { installation.pinned($0, builder: builder) }, code: code)
    }
}
