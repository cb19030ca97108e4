extension Answers {
    /// The answers to these questions that differ from the defaults, by the field's id.
    func texts(of fields: [Field]) -> [Field.ID: String] {
        let plain = Answers()
        var texts: [Field.ID: String] = [:]
        for field in fields where field.isAsked(with: self) {
            let text = field.text(in: self)
            if text != field.text(in: plain) { texts[field.id] = text }
        }
        return texts
    }

    /// The one command line that gives a verb these answers to its questions.
    func commandLine(of verb: String, _ fields: [Field]) -> String {
        (["buildkit-installer \(verb)"] + flags(of: fields) + ["--yes"]).joined(separator: " ")
    }

    /// The flags that give these answers, with their values.
    func flags(of fields: [Field]) -> [String] {
        let texts = texts(of: fields)
        return fields.compactMap { field in
            texts[field.id].map { text in
                field.kind == .toggle && text == "yes"
                    ? "--\(field.id)" : "--\(field.id) \(text.shellQuoted)"
            }
        }
    }
}
