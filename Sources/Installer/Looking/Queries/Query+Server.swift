extension Query<String> {
    /// The API server's version, and with it whether the server can be reached at all.
    static func server(_ site: Site) -> Query {
        let command = site.cluster.look("version", "--output", "json")
        return Query(command) { result throws(Failure) in
            // Without a server it ends with status 1, and prints its own version all the same.
            let reply: Reply? = result.status == 0 ? try result.json(else: sentence) : nil
            guard let version = reply?.serverVersion?.gitVersion.firstVersion else {
                throw Failure(sentence, detail: result.errors.trimmed, hint: "Try it: \(command)")
            }
            return version
        }
    }

    private static let sentence = "The cluster does not answer"

    private struct Reply: Decodable {
        struct Version: Decodable { var gitVersion: String }
        var serverVersion: Version?
    }
}
