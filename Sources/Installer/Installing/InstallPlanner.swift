/// Works out an install step by step; each property is one step, or none where nothing is to be done.
struct InstallPlanner {
    let answers: Answers
    let facts: Facts
    let site: Site
    let certificates: CertificatePlan
    let places: Places
    let home: String

    init(_ answers: Answers, _ facts: Facts, places: Places, home: String) {
        self.answers = answers.adopting(facts)
        self.facts = facts
        self.places = places
        self.home = home
        site = answers.site(facts)
        certificates = CertificatePlan(self.answers, site: site, places: places, home: home)
    }

    var isUpgrade: Bool { facts.release.value??.status == "deployed" }

    /// What stays as it is, and what the user should know before agreeing.
    var notes: [String] {
        var notes: [String] = []
        if namespaceExists {
            notes.append("The namespace \(site.namespace) is there already and stays as it is.")
        }
        if folderIsThere {
            notes.append("The certificates in \(certificates.outer.path) are used as they are.")
        }
        if answers.security == nil, facts.nodes.value != nil {
            notes.append(
                "Security profile \(security.rawValue): \(SecurityProfile.recommended(by: facts).reason).")
        }
        if let host = answers.fixedEndpoint?.host, let name = coverage.expectedName(dialling: host),
            name != host
        {
            notes.append("No SAN covers \(host), so buildx is told to expect \(name).")
        }
        return notes + upgradeNotes + valueNotes + adoptionNotes
    }

    /// The steps that change something, in order.
    var changes: [Step] {
        [namespace].compactMap { $0 } + certificateSteps + secretSteps + releaseSteps
            + [restart, address, registration].compactMap { $0 }
    }
}
