import { Reach, Tags } from '../types.bicep'

@description('Name of the vault: 3 to 24 letters, digits and hyphens.')
param name string

param location string

param tags Tags

param reach Reach

@description('Ranges of those who set secrets; not looked at when the vault is public.')
param ipRanges string[]

@description('The app\'s subnet, with Firewall.')
param subnetId string

@description('The app\'s identity: its name, and its object id.')
param appIdentity string

param appPrincipalId string

@description('Who sets and replaces secrets; empty for nobody.')
param officerPrincipalId string

@description('A deleted vault cannot be purged for 90 days.')
param purgeProtection bool

@description('Where reads of secrets are logged.')
param workspaceId string

@description('Keeps the vault from being deleted.')
param lock bool

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    // A lost hash key makes every stored customer unfindable.
    // True or not said: false is refused.
    enablePurgeProtection: purgeProtection ? true : null
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    publicNetworkAccess: reach == 'Private' && empty(ipRanges) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: reach == 'Public' ? 'Allow' : 'Deny'
      ipRules: [for range in (reach == 'Public' ? [] : ipRanges): { value: range }]
      virtualNetworkRules: reach == 'Firewall' ? [{ id: subnetId }] : []
    }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appIdentity, 'reader')
  scope: vault
  properties: {
    description: 'Key Vault Secrets User'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
  }
}

resource officer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(officerPrincipalId)) {
  name: guid(vault.id, officerPrincipalId, 'officer')
  scope: vault
  properties: {
    description: 'Key Vault Secrets Officer'
    principalId: officerPrincipalId
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
    )
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the hash key.'
  }
}

output id string = vault.id
output name string = vault.name
