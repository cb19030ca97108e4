extension Query<Bool> {
    /// Whether the cache volume's claim is there, perhaps from an install that was taken away since.
    static func cacheClaim(_ answers: Answers) -> Query {
        let name = "\(answers.fullname)-cache"
        return Query(
            answers.site.kubectl.look(
                "get", "persistentvolumeclaim", name, "--ignore-not-found", "--output", "name")
        ) { result throws(Failure) in
            try !result.text(else: "The volume claim \(name) cannot be looked at").trimmed.isEmpty
        }
    }
}
