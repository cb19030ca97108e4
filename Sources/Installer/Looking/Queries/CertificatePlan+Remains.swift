import FoundationEssentials
import MutualTLS

extension CertificatePlan {
    /// What the installation has left on this machine and is certainly this program's.
    func remains(_ places: Places) -> Facts.Remains {
        var remains = Facts.Remains(clientFolder: clientFolder)
        let own = CertificateFolder(path: places.certificates(of: site))
        // A folder that the user names may be anybody's. Where the certificates of the inner hop are in it, too,
        // they were issued here: people who bring their own have none.
        let isIssuedHere = answers.certificates == .issue || answers.certificates == .bake
        let isOurs = outer != own && isIssuedHere && outer.holds(CertificateFile.inner)
        for folder in isOurs ? [own, outer] : [own] {
            let authority = folder.present(CertificateFile.authority)
            let others = folder.present(CertificateFile.allCases.filter { !authority.contains($0) })
            if !authority.isEmpty { remains.authority[folder] = authority }
            if !others.isEmpty { remains.certificates[folder] = others }
        }
        let files = FileManager.default
        remains.records = (places.records(of: site) + [places.journal(of: site)]).filter {
            files.fileExists(atPath: $0)
        }
        remains.formerBuilder = files.contents(atPath: places.former(of: site)).flatMap {
            let name = String(decoding: $0, as: UTF8.self).trimmed
            return name.isEmpty ? nil : name
        }
        return remains
    }
}
