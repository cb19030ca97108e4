extension Answers {
    /// The one command line that gives these answers without the wizard.
    public var commandLine: String {
        let plain = Answers()
        let given = Field.all.filter { $0.isAsked(with: self) && $0.text(in: self) != $0.text(in: plain) }
        let flags = given.map { field in
            let text = field.text(in: self)
            return field.kind == .toggle && text == "yes"
                ? "--\(field.id)" : "--\(field.id) \(text.shellQuoted)"
        }
        return (["buildkit-installer install"] + flags + ["--yes"]).joined(separator: " ")
    }
}
