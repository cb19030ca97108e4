import Foundation
import Testing

/// The layers of `layers.txt`, and rules that keep files easy to find.
struct LayerTests {
    private static let layers: [String] = {
        // An empty list fails the first test.
        let texts = try? textFiles(in: "Tests/StructureTests", ending: "layers.txt")
        return (texts?.first?.text ?? "").split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#")
        }
    }()

    /// A file, another one that it refers to, and the names by which it does.
    private struct Arrow: Hashable, CustomStringConvertible {
        let from: String
        let to: String
        let names: [String]

        var description: String { "\(from) names \(names.joined(separator: ", ")) of \(to)" }
    }

    /// A name that several files declare does not identify its origin.
    private static let arrows: [Arrow] = {
        let files = SourceFile.all
        func homes(_ names: (SourceFile) -> Set<String>) -> [String: String] {
            let pairs = files.flatMap { file in names(file).map { ($0, [file.path]) } }
            return Dictionary(pairs, uniquingKeysWith: +).compactMapValues { $0.count == 1 ? $0[0] : nil }
        }
        let types = homes(\.types)
        let members = homes(\.members).filter { name, home in
            // It may refer to a member of that name of a type in this project.
            !files.contains { $0.path != home && $0.ownMembers.contains(name) }
        }
        return files.flatMap { file in
            let named =
                file.typeNames.compactMap { name in types[name].map { ($0, [name]) } }
                + file.memberNames.compactMap { name in members[name].map { ($0, [name]) } }
            return Dictionary(named, uniquingKeysWith: +).filter { $0.key != file.path }
                .map { Arrow(from: file.path, to: $0.key, names: $0.value.sorted()) }
        }
    }()

    @Test func everyFolderIsALayer() {
        let folders = Set(SourceFile.all.map(\.folder))
        #expect(folders.subtracting(Self.layers).isEmpty, "layers.txt leaves folders out")
        #expect(Set(Self.layers).subtracting(folders).isEmpty, "layers.txt names folders that do not exist")
    }

    @Test func aFileNamesNoLayerAboveItsOwn() {
        let rank = Dictionary(uniqueKeysWithValues: Self.layers.enumerated().map { ($1, $0) })
        let upward = Self.arrows.filter { arrow in
            let (from, to) = (arrow.from.folder, arrow.to.folder)
            guard from.target == to.target else { return false }
            return rank[from, default: 0] < rank[to, default: 0]
        }
        #expect(upward.isEmpty, "\(upward.map(\.description).sorted().joined(separator: "\n"))")
    }

    @Test func noFilesNameEachOtherInACircle() {
        let named = Dictionary(grouping: Self.arrows, by: \.from).mapValues { Set($0.map(\.to)) }
        let circles = named.keys.filter { start in
            var reached: Set<String> = []
            var open = Array(named[start, default: []])
            while let file = open.popLast() {
                if reached.insert(file).inserted { open += named[file, default: []] }
            }
            return reached.contains(start)
        }
        let arrows = Self.arrows.filter { circles.contains($0.from) && circles.contains($0.to) }
        #expect(circles.isEmpty, "\(arrows.map(\.description).sorted().joined(separator: "\n"))")
    }

    @Test func aFileIsReadInOneSitting() {
        let long = SourceFile.all.filter { $0.lineCount > 300 }.map { "\($0.path): \($0.lineCount)" }
        #expect(long.isEmpty, "\(long.joined(separator: "\n"))")
    }

    @Test func aTypeNameIsDeclaredOnce() {
        let homes = Dictionary(
            SourceFile.all.flatMap { file in file.types.map { ($0, [file.path]) } }, uniquingKeysWith: +)
        let twice = homes.filter { $0.value.count > 1 }
        #expect(twice.isEmpty, "\(twice)")
    }

    @Test(arguments: ["Installer", "MutualTLS", "Terminal", "Wizard"])
    func aTestStandsWhereItsSourceStands(target: String) throws {
        let sources = Set(SourceFile.all.map(\.path))
        let strays = try textFiles(in: "Tests/\(target)Tests", ending: "Tests.swift").map(\.path).filter {
            !sources.contains("\(target)/\($0.dropLast("Tests.swift".count)).swift")
        }
        #expect(strays.isEmpty, "\(strays.joined(separator: "\n"))")
    }

    @Test func aTestFileNameIsUsedOnce() throws {
        let names = try textFiles(in: "Tests", ending: "Tests.swift").map(\.path.lastComponent)
        let twice = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        #expect(twice.isEmpty, "\(twice.joined(separator: "\n"))")
    }
}

extension String {
    fileprivate var folder: String { split(separator: "/").dropLast().joined(separator: "/") }
    fileprivate var target: Substring { prefix { $0 != "/" } }
    fileprivate var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
