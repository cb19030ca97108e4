extension Query<[Facts.Right]> {
    /// The rights that the user lacks.
    ///
    /// One review lists the rules of a namespace. An authorizer that cannot list them reports an incomplete list, as
    /// those of large cloud providers do; rights that the list does not contain are then queried one by one.
    static func missingRights(of rights: [Facts.Right], _ installation: InstallationID) -> Query {
        let inNamespace = rights.filter(\.inNamespace)
        let elsewhere = rights.filter { !$0.inNamespace }
        let reviews = [AccessReview.rules(in: installation.namespace)] + installation.reviews(of: elsewhere)
        return Query([installation.command(for: reviews)]) { results throws(InstallerError) in
            let replies = try results[0].replies(to: reviews)
            let refused = zip(elsewhere, replies.dropFirst()).filter { $1.status.allowed != true }.map(\.0)
            let hidden = inNamespace.filter { !replies[0].allows($0) }
            guard replies[0].status.incomplete == true, !hidden.isEmpty else {
                return .found(refused + hidden)
            }
            return .ask(.refusals(of: hidden, installation, after: refused))
        }
    }

    /// Queries each right, several per kubectl process, which handles them sequentially.
    private static func refusals(
        of rights: [Facts.Right], _ installation: InstallationID, after refused: [Facts.Right]
    )
        -> Query
    {
        let parts = stride(from: 0, to: rights.count, by: 8).map {
            Array(rights[$0..<min($0 + 8, rights.count)])
        }
        return Query(parts.map { installation.command(for: installation.reviews(of: $0)) }) {
            results throws(InstallerError) in
            var refused = refused
            for (part, result) in zip(parts, results) {
                let replies = try result.replies(to: installation.reviews(of: part))
                refused += zip(part, replies).filter { $1.status.allowed != true }.map(\.0)
            }
            return .found(refused)
        }
    }
}

extension InstallationID {
    fileprivate func reviews(of rights: [Facts.Right]) -> [JSONValue] {
        rights.map { AccessReview.access($0, in: namespace) }
    }

    fileprivate func command(for reviews: [JSONValue]) -> Command {
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(reviews)]
        return cluster.look(
            "create", "--validate=false", "--filename", "-", "--output", "json", input: list.text)
    }
}

extension CommandResult {
    fileprivate func replies(to reviews: [JSONValue]) throws(InstallerError) -> [AccessReview.Reply] {
        let sentence = "Cannot query permissions (SelfSubjectAccessReview)"
        let replies: [AccessReview.Reply] = try jsonDocuments(else: sentence)
        guard replies.count == reviews.count else { throw InstallerError(sentence, detail: said) }
        return replies
    }
}
