import { Reach, Tags } from '../types.bicep'

@description('Name of the account: 3 to 24 small letters and digits.')
param name string

param location string

param tags Tags

@description('Standard_ZRS survives the loss of a data centre, Standard_LRS does not.')
param sku 'Standard_LRS' | 'Standard_ZRS'

@description('Public: reachable from anywhere. Firewall: from the app\'s subnet and the ranges. Private: from the network, and from the ranges.')
param reach Reach

@description('Ranges, such as the CRM\'s, that may reach the account besides; not looked at when it is public.')
param ipRanges string[]

@description('The app\'s subnet, with Firewall.')
param subnetId string

@description('The app\'s identity: its name, and its object id.')
param appIdentity string

param appPrincipalId string

@description('Who delivers extracts; empty for nobody.')
param uploaderPrincipalId string

@description('Who takes events from the queue, such as a campaign tool; empty for nobody.')
param eventsPrincipalId string

@description('Who reads exports, such as a BI tool; empty for nobody.')
param exportsPrincipalId string

@description('Days after which delivered extracts are deleted; 0 to keep them.')
param extractDays int

@description('Days for which a deleted blob could be restored; 0 for none.')
param blobRestoreDays int

@description('Keeps the account from being deleted.')
param lock bool

@description('Logs who reads and writes blobs.')
param auditBlobs bool

param workspaceId string

var containers = [
  'crm-extracts'
  'clv-work'
  'clv-history'
  'clv-quarantine'
  'clv-models'
  'clv-reports'
  'clv-exports'
  'deployments'
]
var queues = ['clv-work', 'clv-work-poison', 'clv-events']
var tables = ['clvruns', 'clvaudit', 'clverasures']

// Why each of the app's is no smaller: infra/README.md, Roles.
var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Queue Data Message Processor': '8a0f0c08-91a1-4084-bc3d-661d67233fed'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}
var appRoles = ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor']

// One account for the host and for the data: the app reads and writes where its triggers are, in AzureWebJobsStorage.
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: reach == 'Private' && empty(ipRanges) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: reach == 'Public' ? 'Allow' : 'Deny'
      ipRules: [for range in (reach == 'Public' ? [] : ipRanges): { action: 'Allow', value: range }]
      virtualNetworkRules: reach == 'Firewall' ? [{ action: 'Allow', id: subnetId }] : []
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // An erased person would be kept by versions, and for a while by deleted blobs that can be restored.
      isVersioningEnabled: false
      changeFeed: { enabled: false }
      deleteRetentionPolicy: blobRestoreDays == 0 ? { enabled: false } : { enabled: true, days: blobRestoreDays }
      // Restores a whole container that somebody deleted, and nothing that was deleted from it before.
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource container 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for queue in queues: { name: queue }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for table in tables: { name: table }]
  }

  // Everything else is the app's own retention's: docs/nights.md. Folders of extracts are named by their date; what stands beside them in
  // the container, mapping.json and profile.json, stays.
  resource lifecycle 'managementPolicies' = if (extractDays > 0) {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'extracts'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['crm-extracts/20'] }
              actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: extractDays } } }
            }
          }
        ]
      }
    }
  }
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    name: guid(account.id, appIdentity, role)
    scope: account
    properties: {
      description: role
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
    }
  }
]

resource extracts 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: account::blobs
  name: 'crm-extracts'
}

resource exports 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: account::blobs
  name: 'clv-exports'
}

resource events 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: account::queueService
  name: 'clv-events'
}

resource uploader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(uploaderPrincipalId)) {
  name: guid(extracts.id, uploaderPrincipalId, 'uploader')
  scope: extracts
  dependsOn: [account::blobs::container]
  properties: {
    description: 'Storage Blob Data Contributor'
    principalId: uploaderPrincipalId
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Blob Data Contributor']
    )
  }
}

resource exportsReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(exportsPrincipalId)) {
  name: guid(exports.id, exportsPrincipalId, 'reader')
  scope: exports
  dependsOn: [account::blobs::container]
  properties: {
    description: 'Storage Blob Data Reader'
    principalId: exportsPrincipalId
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Blob Data Reader']
    )
  }
}

resource eventsProcessor 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(eventsPrincipalId)) {
  name: guid(events.id, eventsPrincipalId, 'processor')
  scope: events
  dependsOn: [account::queueService::queue]
  properties: {
    description: 'Storage Queue Data Message Processor'
    principalId: eventsPrincipalId
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Queue Data Message Processor']
    )
  }
}

// Of blobs alone: their names are runs, partitions and the CRM's files. Requests to tables and queues name people by their pseudonyms.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (auditBlobs) {
  name: 'audit'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the history and the scores.'
  }
}

output id string = account.id
output name string = account.name
output deploymentContainer string = '${account.properties.primaryEndpoints.blob}deployments'
