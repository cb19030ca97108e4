// What was made by hand or by another tool, and can become a part of an installation as it is.

extension Answers {
    /// The answers for an installation whose Secrets came from elsewhere: certificates are then not issued here,
    /// unless those are to be replaced.
    func adopting(_ facts: Facts) -> Answers {
        guard certificates == .issue, !takeOver, facts.secrets.value?.areOthers ?? false,
            (facts.folder.value ?? nil) == nil
        else { return self }
        var answers = self
        answers.certificates = .secrets
        return answers
    }
}

extension Facts.Secrets {
    /// Whether both are there, and this program has made neither.
    fileprivate var areOthers: Bool { outer?.isOurs == false && inner?.isOurs == false }

    /// Whether the client's certificate in the inner Secret is one that the proxy lets in: people who make both by
    /// hand often have one authority for both.
    var holdTheClients: Bool {
        guard let outer = outer?.digests["ca.pem"], let inner = inner?.digests["ca.crt"] else { return false }
        return outer == inner
    }
}

extension Facts {
    /// The remote builder of that name that is at that address already, whoever has registered it.
    func registeredBuilder(_ answers: Answers) -> Builder? {
        guard let endpoint = endpoint(answers) else { return nil }
        return builders.value?.builders.first { builder in
            builder.name == answers.builder && builder.driver == "remote"
                && builder.nodes.map(\.endpoint) == ["\(endpoint)"]
        }
    }
}
