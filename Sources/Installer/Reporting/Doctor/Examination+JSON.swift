import FoundationEssentials

extension Examination {
    private enum CodingKeys: String, CodingKey { case site, builder, healthy, layers }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(site, forKey: .site)
        try object.encode(builder, forKey: .builder)
        try object.encode(isHealthy, forKey: .healthy)
        try object.encode(results, forKey: .layers)
    }
}

extension Examination.LayerResult: Encodable {
    private enum CodingKeys: String, CodingKey { case id, title, verdict, evidence, failure }

    /// One flat object, for programs.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(title, forKey: .title)
        try object.encode(verdict.word, forKey: .verdict)
        switch verdict {
        case .holds(let text), .skipped(let text): try object.encode(text, forKey: .evidence)
        case .doubtful(let failure), .broken(let failure): try object.encode(failure, forKey: .failure)
        }
    }
}
