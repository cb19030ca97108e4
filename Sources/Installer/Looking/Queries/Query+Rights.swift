extension Query<[Facts.Right]> {
    /// Which of these rights the user does not have.
    ///
    /// One review lists the rules of a namespace. An authorizer that cannot list them says that the list is
    /// incomplete; what it does not show is then asked for right by right.
    static func missingRights(of rights: [Facts.Right], _ site: Site) -> Query {
        let inNamespace = rights.filter(\.inNamespace)
        let elsewhere = rights.filter { !$0.inNamespace }
        let commands =
            [review(AccessReview.rules(in: site.namespace), site)]
            + elsewhere.map { review(AccessReview.access($0, in: site.namespace), site) }
        return Query(commands) { results throws(Failure) in
            let refused = try Self.refused(elsewhere, results.dropFirst())
            let rules: AccessReview.Rules? = try results[0].json(else: sentence)
            let hidden = inNamespace.filter { rules?.allow($0) != true }
            guard rules?.status.incomplete == true, !hidden.isEmpty else { return .found(refused + hidden) }
            return .ask(
                Query(hidden.map { review(AccessReview.access($0, in: site.namespace), site) }) {
                    results throws(Failure) in .found(refused + (try Self.refused(hidden, results[...])))
                })
        }
    }

    private static func refused(
        _ rights: [Facts.Right], _ results: ArraySlice<CommandResult>
    ) throws(Failure) -> [Facts.Right] {
        var refused: [Facts.Right] = []
        for (right, result) in zip(rights, results) {
            let access: AccessReview.Access? = try result.json(else: sentence)
            if access?.status.allowed != true { refused.append(right) }
        }
        return refused
    }

    private static func review(_ object: JSONValue, _ site: Site) -> Command {
        site.cluster.look("create", "--filename", "-", "--output", "json", input: object.text)
    }

    private static let sentence = "The cluster does not say what you may do"
}
