import FoundationEssentials

extension Query<Facts.CacheClaim?> {
    static func cacheClaim(_ answers: Answers) -> Query {
        let name = answers.cacheClaim
        return Query(
            answers.site.kubectl.look(
                "get", "persistentvolumeclaim", name, "--ignore-not-found", "--output", "json")
        ) { result throws(Failure) in
            let reply: Reply? = try result.json(else: "The volume claim \(name) cannot be looked at")
            return reply?.claim
        }
    }

    private struct Reply: Decodable {
        struct Size: Decodable { var storage: String? }
        struct Resources: Decodable { var requests: Size? }
        struct Spec: Decodable { var resources: Resources? }
        struct Status: Decodable { var capacity: Size? }
        struct Metadata: Decodable { var creationTimestamp: String? }
        var metadata: Metadata
        var spec: Spec
        var status: Status?

        /// The size that it has; until a volume is found for it, the one that it asks for.
        var claim: Facts.CacheClaim {
            Facts.CacheClaim(
                size: status?.capacity?.storage ?? spec.resources?.requests?.storage ?? "of unknown size",
                madeAt: metadata.creationTimestamp.flatMap { try? Date($0, strategy: .iso8601) })
        }
    }
}
