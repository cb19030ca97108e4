// How this program names its own commands in hints and next steps.

extension InstallationID {
    /// A command line of this program that is about this very installation, wherever it is pasted.
    /// - Parameter verb: with its own flags: `rotate --finish`.
    func installer(_ verb: String, builder: String? = nil) -> String {
        pinned("buildkit-installer \(verb)", builder: builder)
    }

    /// The text, in which every command of this program names this installation: whatever differs from the defaults is
    /// added as a flag. A hint that loses the namespace would act on another installation.
    ///
    /// Everything that is told passes through here on its way out, so that no sentence has to think of it.
    /// - Parameter builder: as docker buildx knows it; nil: it is not known, or no matter.
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
            // The line may name a second command, with flags of its own.
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

    /// Those that are about one installation; the longer ones first.
    static let verbs = [
        "client add", "client renew", "client revoke", "client list", "doctor bundle", "doctor", "install",
        "rotate",
        "status", "uninstall", "sleep", "wake",
    ]
}

extension Substring {
    /// Whether it begins with a word, after which one of these characters comes, or nothing.
    fileprivate func starts(with word: String, until ends: String) -> Bool {
        guard hasPrefix(word) else { return false }
        return dropFirst(word.count).first.map { ends.contains($0) } ?? true
    }
}

extension Answers {
    /// A command line of this program that is about the installation of these answers.
    func installer(_ verb: String) -> String { installation.installer(verb, builder: builder) }
}

extension InstallerError {
    /// The failure with commands that name the installation.
    func pinned(to installation: InstallationID, builder: String? = nil) -> InstallerError {
        InstallerError(
            message, detail: detail, hint: hint.map { installation.pinned($0, builder: builder) }, code: code)
    }
}
