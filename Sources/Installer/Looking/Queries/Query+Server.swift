extension Query<String> {
    /// The API server's version, and with it whether the server can be reached at all.
    static func server(_ site: Site) -> Query {
        Query(site.cluster.look("version", "--output", "json")) { result throws(Failure) in
            let sentence = "The cluster does not answer"
            let reply: Reply? = try result.json(else: sentence)
            guard let version = reply?.serverVersion?.gitVersion.firstVersion else {
                throw Failure(sentence, detail: result.said)
            }
            return version
        }
    }

    private struct Reply: Decodable {
        struct Version: Decodable { var gitVersion: String }
        var serverVersion: Version?
    }
}
